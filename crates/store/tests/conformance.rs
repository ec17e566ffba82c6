//! Every backend passes the same cases; what only a disk can go through stands in `disk`, what only a server, in `server`;
//! files in a bucket, in `objects`.

mod cases;
mod copying;
mod disk;
mod objects;
#[path = "postgres/mod.rs"]
mod server;
mod world;

/// Each case, once per backend.
macro_rules! conformance {
    ($($part:ident: $($case:ident)*;)*) => {
        mod memory {
            $($(
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $case() {
                    crate::cases::$part::$case(crate::world::World::memory()).await;
                }
            )*)*
        }
        mod sqlite {
            $($(
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $case() {
                    crate::cases::$part::$case(crate::world::World::sqlite()).await;
                }
            )*)*
        }
        mod postgres {
            $($(
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $case() {
                    let Some(database) = crate::world::Database::new().await else { return };
                    crate::cases::$part::$case(database.world()).await;
                }
            )*)*
        }
    };
}

conformance! {
    appending:
        what_is_appended_is_read_back
        a_stale_version_conflicts
        of_two_writers_on_one_stream_one_wins
        of_64_writers_on_one_stream_one_wins_each_round
        several_streams_are_written_all_or_none
        a_stream_stands_once_in_an_append
        an_append_without_events_adds_nothing
        a_refused_append_leaves_nothing
        an_append_that_no_view_can_fold_leaves_nothing
        a_guard_on_a_stream_holds_its_version
        a_guard_on_a_category_sees_what_came_since
        a_follower_never_skips_a_position
        the_head_is_told_after_each_commit
        the_head_never_goes_back
        any_text_is_kept;
    repeating:
        a_repeat_gets_the_first_answer
        a_key_with_another_request_is_refused
        a_key_means_something_only_in_its_scope
        of_racing_repeats_one_is_recorded
        a_refused_append_does_not_use_up_its_key
        the_first_reason_in_the_written_order_is_told;
    viewing:
        inline_views_are_never_behind
        trailing_views_catch_up
        a_row_is_found_by_its_key
        pages_follow_on_over_equal_values_and_nulls
        pages_keep_to_bounds
        counts_agree_with_pages
        a_query_that_does_not_fit_is_refused
        a_view_made_anew_is_the_same
        a_view_is_made_anew_while_appends_go_on
        verification_finds_nothing_wrong;
    keeping:
        sessions_are_kept_and_ended
        files_are_kept_by_their_hash
        checkpoints_are_kept_by_name
        a_lease_is_held_under_its_last_fence
        a_lease_given_back_is_held_by_nobody;
    sealing:
        what_is_sealed_opens_for_its_subject_alone
        erasure_leaves_the_events_and_takes_the_text
        keyed_hashes_find_equals_within_a_purpose;
}
