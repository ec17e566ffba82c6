# Text messages: what happened and what comes next.

message-notified = We have your report, claim { $claim }. Please open its page to see which photos and papers are needed. We will keep you posted.
message-joined = Another report of the same accident was added to claim { $claim }. You need not do anything; we will keep you posted.
message-joined-reporter = We have your report. A claim on this accident is already under way; we will call you to go through it, so there is no need to report again.
message-reporter-admitted = Thank you for the call. You can now follow claim { $claim } on its page.
message-reporter-turned-away = Your report was not added to a claim, so you cannot follow one. If you think that this is wrong, please call us.
message-papers-requested = Claim { $claim } needs { $count ->
    [one] one more paper
   *[other] { $count } more papers
}. Please see the list on its page and upload. We go on once all is here.
message-inspected = The inspection for claim { $claim } is done. Next we put the damage at an amount and will tell you.
message-assessed = The damage of claim { $claim } is assessed; see its page for details. Next we decide what is paid and will tell you.
message-person-asked = Claim { $claim } is now with a person. We will look at it and contact you; there is no need to ask again.
message-approved = { $amount } is approved for claim { $claim }. The bank pays once the account is known; please check it on its page.
message-declined = Claim { $claim } is decided; clause and reason are on its page. If you disagree, you can ask a person there to look again.
message-closed = Claim { $claim } is closed. Please rate us on its page. If you find more damage, ask us there to reopen it.
message-withdrawn = Claim { $claim } is withdrawn and will not be handled. To go on with it, ask us on its page to reopen it.
message-reopened = Claim { $claim } is open again and a person looks at it. We will tell you the result.
message-paid = The bank has paid { $amount } for claim { $claim }. Details are on its page.
message-payment-rejected = A payment of { $amount } for claim { $claim } did not go through; you lose nothing. We will check and pay again. Please see whether the account is right.

message-status-queued = To be sent
message-status-waiting = To be sent again
message-status-sent = Sent
message-status-given-up = Not delivered
customer-refused-no-such-message = There is no such message. Please refresh the page.
