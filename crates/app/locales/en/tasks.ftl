# Tasks, teams, the figures of the overview

task-contact = Call the customer
task-inspect = Inspect the vehicle
task-assess = Assess the damage
task-other-side = Find out fault, loss and cover of the other side
task-adjudicate = Adjudicate
task-second-approval = Second approval
task-confirm-assessment = Confirm the assessment (second assessor)
task-confirm-refusal = Confirm the refusal (second person)
task-serve-refusal = Serve the refusal notice
task-agree-reserve = Agree to the reserve
task-take-note = Take note of a major claim
task-investigate = Investigate
task-answer = Answer the customer
task-find-policy = Find the policy
task-fix-payment = Sort out a payment
task-fix-reaction = Finish a step that did not complete by itself

team-service-desk = Service desk
team-survey = Survey
team-assessment = Assessment
team-approval = Approval
team-injury = Injury
team-investigation = Investigation
team-payments = Payments
team-management = Management

figure-notified = Reported
figure-approved-by-rule = Approved by rule
figure-approved-by-people = Approved by people
figure-paid = Paid
figure-closed = Closed
figure-overdue = Tasks overdue

reaction-refused-broken = Something broke inside while this step was carried out. Finish it by hand and tell the engineers.
