# Rules: why it was ruled so. What ends in “-customer” is for customers and says what is being checked, no more.

adjudication-small-claim = Small claim: { $amount } owed, limit { $limit }. It must be minor, priced from the table, with a photo of each damage.
adjudication-small-claim-customer = Minor claims up to { $limit } with all photos are paid at once. An approver confirms the others.
adjudication-policy-doubtful = The register shows no policy in force at the accident. A person has to verify.
adjudication-policy-doubtful-customer = We are checking the policy.
adjudication-hurt-or-property = Somebody was hurt, or property beside the vehicles was damaged. A person decides.
adjudication-hurt-or-property-customer = Somebody was hurt or other property was damaged, so a person handles your claim.
adjudication-fault-not-settled = Fault is not determined, or one side alone states it. It must be settled before payment.
adjudication-fault-not-settled-customer = We are confirming who was at fault. If you have the police certificate or a signed agreement, please upload it.
adjudication-losses-unknown = More than two vehicles share limits, and a loss is not known yet.
adjudication-losses-unknown-customer = We are confirming the losses of the other vehicles. Then your payment can be computed.
adjudication-total-loss = A total loss needs an offer to the customer and a signature.
adjudication-total-loss-customer = The damage is heavy. A person will agree with you on the payment.
adjudication-closer-look = There are warnings to verify, so it goes to investigation.
adjudication-closer-look-customer = A person is going through the papers and will tell you the result.
adjudication-person-asked = The customer asked for a person, or the claim was reopened. A person decides.
adjudication-person-asked-customer = A person looks at your claim.
adjudication-nothing-owed = Nothing is owed by the figures, or they cannot be computed yet. Rules never decline; a person decides.
adjudication-nothing-owed-customer = An approver is checking fault and cover and will answer you.
adjudication-papers-missing = { $count ->
    [one] One paper is missing; it was asked for
   *[other] { $count } papers are missing; they were asked for at once
}.
adjudication-papers-missing-customer = { $count ->
    [one] One paper is missing. We go on once it is here
   *[other] { $count } papers are missing. We go on once they are here
}.
assessment-price-table = Assessed from the price table: each damage has its photo and the table’s price of the day.
assessment-price-table-customer = Priced from the table, each damage with its photo and price.

triage-death = Somebody died in the accident
triage-serious-injury = Somebody is badly hurt
triage-large-amount = The damage is large
triage-many-vehicles = Many vehicles are involved
triage-injury = Somebody is hurt
triage-several-vehicles = Three or more vehicles are involved
triage-other-property = Property beside the vehicles is damaged
triage-special-cause = This kind of accident needs a person to look at it
triage-small-damage = Small damage, nobody hurt, two vehicles at most
