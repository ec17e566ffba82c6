# The register of policies and its import

register-refused-already-registered = This policy number is already registered.
register-refused-not-registered = There is no such policy.
register-refused-cancelled = This policy was cancelled and can no longer be changed.
register-refused-period-empty = The cover would end before it begins. Please check the dates.
register-refused-nothing-covered = The policy covers nothing. Enter compulsory cover or at least one commercial cover.
register-refused-outside-period = The date of effect lies outside the period of cover. Please check it.
register-refused-out-of-order = The date of effect lies before that of an earlier amendment. Please check it.
register-refused-number-too-long = The policy number is too long. Please check it.

register-import-encoding = The file is not UTF-8. Save it as “CSV UTF-8” and try again.
register-import-empty = The file is empty.
register-import-json = The file is not a JSON array. Please check its form.
register-import-column-twice = Two columns have the same name. Remove one of them.
register-import-columns-unknown = Some columns are not known. Please check their names.
register-import-columns-missing = Some columns are missing. Please add them.

register-row-cell-count = The row does not have as many cells as the header.
register-row-shape = This is no record, or a value is neither text, whole number, yes nor no.
register-row-column-unknown = There is no such column.
register-row-column-twice = The column stands there twice.
register-row-missing = This must be filled in.
register-row-text = The text is too long or has characters that cannot be printed.
register-row-policy-number = A policy number has only letters, digits, -, _ and .
register-row-length = It has the wrong length.
register-row-character = It has a character that cannot stand there.
register-row-region = There is no such region.
register-row-form = It is not written as it should be.
register-row-date = There is no such date.
register-row-check-digit = The check digit does not fit. Please compare it with the paper.
register-row-number = This must be a sensible whole number.
register-row-amount = This must be an amount above 0, such as 128000.00.
register-row-share = This must be a share between 0 and 1, such as 0.10.
register-row-time = This must be a day, or a time with its offset.
register-row-word = This is none of the words that may stand here.
register-row-period = The cover would end before it begins.
register-row-deductible = The deductible exceeds the sum insured, or there is no own-damage cover.
register-row-rider = The rider lacks its rate or its covers, or stands on a cover that was not bought.
register-row-nothing-covered = The policy covers nothing.
register-row-duplicate = The policy number stands on line { $line } already.
