//! What operators do to a database by commands.

use crate::cluster::Cluster;
use crate::process::run;

#[test]
fn steps_are_due_until_they_are_taken_and_no_command_shows_the_password() {
    let Some(cluster) = Cluster::new() else { return };
    let place = cluster.place();
    let command = |words: &[&str]| {
        let words: Vec<&str> = words.iter().copied().chain(place.iter().map(String::as_str)).collect();
        let (exit, out, err) = run(&words);
        let password =
            cluster.url().split_once('@').and_then(|(who, _)| Some(who.rsplit_once(':')?.1.to_owned()));
        let password = password.filter(|password| password.len() > 3);
        assert!(
            password.is_none_or(|password| !out.contains(&password) && !err.contains(&password)),
            "{out}{err}"
        );
        (exit, out + &err)
    };
    let (exit, told) = command(&["verify"]);
    assert!(exit != 0 && told.contains("holds no journal"), "{exit} {told}");
    let (exit, told) = command(&["migrate", "--check"]);
    assert!(exit == 1 && told.contains("0001_journal expand due"), "{exit} {told}");
    let (exit, told) = command(&["migrate"]);
    assert!(exit == 0 && told.contains("is ready: 0 entries"), "{exit} {told}");
    let (exit, told) = command(&["migrate", "--check"]);
    assert!(
        exit == 0 && told.contains("0003_leases expand taken") && !told.contains(" due"),
        "{exit} {told}"
    );
    let (exit, told) = command(&["migrate", "--contract"]);
    assert_eq!(exit, 0, "{told}");
    let (exit, told) = command(&["verify"]);
    assert!(exit == 0 && told.contains("sound"), "{exit} {told}");
    let (exit, told) = command(&["serve", "--allow-fake-partners", "--print-config"]);
    assert!(exit == 0 && told.contains("# database = \"postgres"), "{told}");

    let folder = cluster.folder().to_str().unwrap();
    let (exit, _, told) = run(&["serve", "--allow-fake-partners", "--no-worker", "--data", folder]);
    assert!(exit != 0 && told.contains("--no-worker needs --database"), "{told}");
    let (exit, _, told) = run(&["migrate", "--check", "--data", folder]);
    assert!(exit != 0 && told.contains("a data folder has no steps"), "{told}");
}
