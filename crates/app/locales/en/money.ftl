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
payment-trouble-payee-erased = The payee’s data was erased as asked. Please ask the payee for the account again.

book-account-claims-incurred = Claims incurred
book-account-outstanding-reserve = Outstanding reserve
book-account-payments-in-transit = Payments in transit
book-account-bank = Bank
book-account-recoveries-receivable = Recoveries receivable
book-account-recoveries-income = Recoveries income

books-refused-amount = The amount is not right. Please enter a sensible amount above zero.
books-refused-no-such-payment = There is no such payment. Please refresh the list.
books-refused-payment-differs = This payment was ordered before with another amount, exposure or payee; nothing was paid twice. Please compare the two.
books-refused-double-confirmation = The bank confirmed this payment again under another number and may have paid twice. Please reconcile with the bank.
books-refused-contradicts-end = The bank’s word contradicts how this payment ended. Please reconcile with the bank.
books-refused-payment-ended = This payment has ended and cannot be sent or cancelled. If needed, approve a new one.
books-refused-already-sent = The payment is with the bank and cannot be cancelled. Please wait for its answer.
books-refused-below-ordered = The reserve cannot be less than what is ordered. Please raise it.
books-refused-reserve-short = The reserve does not cover this payment. Please raise it first.
books-refused-receipt-differs = This bank number was booked with other data. Please reconcile with the bank.
books-refused-recovery-not-expected = This recovery was not expected. Please enter it first, then book what came.
books-refused-below-received = No less can be expected than has already come. Please check the amount.
