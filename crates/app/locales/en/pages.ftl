# Pages: navigation, problems.

nav-work = Work list
nav-report = New report
nav-overview = Overview
nav-payments = Payments
nav-accounts = Accounts
nav-debug = Operations

problem-title-unauthorized = Please sign in
problem-title-forbidden = Not permitted
problem-title-not-found = Not found
problem-title-conflict = This has changed
problem-title-later = Please try again shortly
problem-title-internal = Something went wrong on our side
problem-title-refused = This step was not done
problem-home = To the start page
problem-request = When you ask for help, give this number: { $id }
problem-safe-unchanged = Nothing was changed. What you have submitted is kept.
problem-safe-unknown = What was confirmed is kept. If you are not sure about this step, go back and open the page again.

problem-not-found = There is nothing at this address, or it does not belong to your account. Please start from the first page.
problem-forbidden = Your account cannot use this page. An administrator can grant access.
problem-unauthorized = Please sign in to go on.
problem-method-not-allowed = This address does not take this kind of request. Please use the buttons on the page.
problem-internal = The error was recorded and we will look into it. Please try again later.
problem-unavailable = Data cannot be read or written right now. Please try again in ten seconds.
problem-busy = Very many people are asking right now. Please try again in ten seconds.
problem-too-large = This is too large. Photos may have up to 60 MB each; please upload them one by one.
problem-media-type = This address does not take this format. Use the form on the page, or JSON for programs.
problem-timeout = This took too long and the connection was closed. Please check the network and try again.
problem-malformed = Something is missing in what was sent. Please go back, open the page again and submit once more.
problem-form-expired = This page has expired. Please go back, open it again and submit once more.
problem-conflict = Somebody has just changed the same thing. Please open the page again, check it, and do this once more.
problem-key-reused = This idempotency key was used for something else. Please open the page again and submit once more.
