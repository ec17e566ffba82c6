# Other systems: addresses that are told, dead letters, tokens

nav-webhooks = Webhooks
desk-webhook-register = Register an address
desk-webhook-addresses = Addresses
desk-webhook-none = No other system is told yet. Register an address above.
desk-webhook-address = Address
desk-webhook-address-hint = Public and under https; put no password into it.
desk-webhook-types = What it is told
desk-webhook-types-hint = Nothing chosen means everything.
desk-webhook-types-chosen = { $count ->
    [one] { $count } kind
   *[other] { $count } kinds
}
desk-webhook-told = Is told
desk-webhook-since = Registered
desk-webhook-is-on = On
desk-webhook-turn-off = Turn off
desk-webhook-turn-on = Turn on
desk-webhook-rotate = New secret
desk-webhook-secret = Secret
desk-webhook-secret-made = The secret of this address
desk-webhook-secret-once = It is shown this once. Please hand it to whoever runs the receiver; an older one still counts for a day.
desk-webhook-letters = Messages not taken
desk-webhook-hint = What waits is tried again by itself for three days. After that it stays here until someone sends it again.
desk-webhook-dead = Dead letters
desk-webhook-waiting = Waiting
desk-webhook-empty = Nothing here: every message was taken.
desk-webhook-event = Message
desk-webhook-answer = Last answer
desk-webhook-why = Reason or next try
desk-webhook-status = Status { $status }
desk-webhook-not-tried = Not tried yet
desk-webhook-behind = After earlier ones of the claim
desk-webhook-replay = Send again
desk-webhook-replay-all = Send all again
desk-done-webhook-on = The address is told again, from where it stopped.
desk-done-webhook-off = The address is told nothing for now; what happens meanwhile is kept for it.
desk-done-webhook-replay = On their way again. What is not taken will come back here.

webhook-sees-own = Its own claims
webhook-sees-all = All claims
webhook-ended-asked = Off
webhook-ended-gone = Receiver is gone
webhook-ended-silent = Silent for days
webhook-why-tried-long = Tried for three days
webhook-why-gone = Receiver is gone
webhook-why-silent = No answer for days
webhook-answer-status = Refused
webhook-answer-inside = Address leads inside
webhook-answer-unreachable = Not reachable
webhook-answer-timeout = Took too long
webhook-answer-cut = Connection broke

webhook-type-claim-notified = Accident notified
webhook-type-claim-triaged = Graded
webhook-type-claim-papers-requested = Papers asked for
webhook-type-claim-papers-completed = Papers complete
webhook-type-claim-inspected = Inspected
webhook-type-claim-assessed = Assessed
webhook-type-claim-approved = Approved
webhook-type-claim-declined = Declined
webhook-type-claim-closed = Closed
webhook-type-claim-withdrawn = Withdrawn
webhook-type-claim-reopened = Opened again
webhook-type-claim-person-asked = Asked for a person
webhook-type-claim-rated = Rated
webhook-type-payment-ordered = Payment ordered
webhook-type-payment-confirmed = Payment confirmed
webhook-type-payment-rejected = Payment rejected
webhook-type-recovery-received = Recovery received

door-refused-no-such-endpoint = There is no such address. Please refresh the page.
door-refused-already-registered = This address is registered already. Please refresh the page.
door-refused-no-such-delivery = There is no such message. Please refresh the page.
door-refused-not-dead = This message is no dead letter, or was sent again already. Please refresh the page.
door-refused-disabled = This address is off. Please turn it on first, then send again.
door-refused-too-many = One account can have { $max } addresses at most. Please turn to us if you need more.
door-refused-type = There is no kind of message by that name. Please check against the list of kinds.
door-refused-url-form = Please enter a whole address, such as https://hooks.example.com/anpei, of at most 500 characters.
door-refused-url-https = The address needs to begin with https://. Please change it.
door-refused-url-user = Please take the name and password out of the address; messages are signed instead.
door-refused-url-inside = This address leads into a private network. Please use a public one.

token-refused-label = Please say what the token is for, in 1 to { $max } characters.
token-refused-told-once = This token was issued and told once; only its hash is kept. Please issue another and revoke this one.
token-refused-days = A token is heard for 1 to 3660 days. Please change the number.
token-refused-scope = There is no scope by that name. Please check against the description of the interface.
token-refused-account = This is no account. Please check the number.
identity-refused-no-scope = Please name at least one scope, or leave scopes out.
problem-too-many = There were many attempts with tokens that are not valid. Please wait a minute, check the token, and try again.
