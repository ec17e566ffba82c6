# Money: covers, payments, books

cover-compulsory = Compulsory cover
cover-third-party = Third-party liability
cover-driver = Driver’s seat cover
cover-passengers = Passenger seat cover
cover-own-damage = Own damage
cover-rescue = Rescue (own damage)
cover-tortfeasor = Liability of who caused it
bucket-death_disability = Death and disability
bucket-medical = Medical
bucket-property = Property
bucket-all = All losses
rider-name-absolute-deductible-rate = Absolute deductible rate
rider-name-holiday-limit-doubling = Holiday limit doubling

payment-status-ordered = To be sent to the bank
payment-status-sent = With the bank
payment-status-confirmed = Paid
payment-status-rejected = Not paid by the bank
payment-status-cancelled = Cancelled
payment-trouble-no-answer = The bank does not answer. Do not pay by other means; we keep asking under the same reference.
payment-trouble-pending = The bank has not decided yet. Please ask the bank.
payment-trouble-paid-before-restore = The bank had paid this before our data was restored; our books do not know of it. Nothing else is paid on this claim until the same approval is given again or you have settled it and finish this task.
payment-trouble-payee-erased = The payee’s data was erased as asked. Please ask the payee for the account again.

book-account-claims-incurred = Claims incurred
book-account-outstanding-reserve = Outstanding reserve
book-account-payments-in-transit = Payments in transit
book-account-bank = Bank
book-account-recoveries-receivable = Recoveries receivable
book-account-recoveries-income = Recoveries income
book-account-set-offs = Set-offs

recovery-refused-future = This day has not come yet. Please enter the day on the bank statement.
books-refused-amount = The amount is not right. Please enter a sensible amount above zero.
books-refused-no-such-payment = There is no such payment. Please refresh the list.
books-refused-not-rejected = Only a payment that the bank rejected can be ordered again. Please refresh the list.
books-refused-payment-under-way = Another payment of the same amount owed is under way, so nothing was ordered. Please wait for the bank’s answer.
books-refused-nothing-left = Nothing is left to be paid here: it is paid, set off, or owed no more. Please refresh the page.
books-refused-payment-found = The bank has paid something on this claim that our books do not know of, so nothing was ordered. Please settle that task first.
books-refused-not-approved = What is owed is being decided again, so nothing was ordered. Please wait for the approval; it orders what is left.
books-refused-payment-differs = This payment was ordered before with another amount, exposure or payee; nothing was paid twice. Please compare the two.
books-refused-double-confirmation = The bank confirmed this payment again under another number and may have paid twice. Please reconcile with the bank.
books-refused-contradicts-end = The bank’s word contradicts how this payment ended. Please reconcile with the bank.
books-refused-payment-ended = This payment has ended and cannot be sent or cancelled. If needed, approve a new one.
books-refused-already-sent = The payment is with the bank and cannot be cancelled. Please wait for its answer.
books-refused-below-ordered = The reserve cannot be less than what is ordered. Please raise it.
books-refused-reserve-short = The reserve does not cover this payment. Please raise it first.
books-refused-receipt-differs = This bank number was booked with other data. Please reconcile with the bank.
books-refused-recovery-not-expected = Nothing is expected from there on this claim. Please choose one of the recoveries that are listed.
books-refused-more-than-expected = Only { $amount } is still expected here, so nothing was booked. Please book that much, and have the rest returned or booked on the claim that it belongs to.
books-refused-not-held = The payee does not hold that much too much. Please refresh the page.
books-refused-set-off-differs = This set-off was booked with other data. Please compare the two.
books-refused-below-received = No less can be expected than has already come. Please check the amount.
