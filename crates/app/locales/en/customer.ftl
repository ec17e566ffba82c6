# Customer pages: signing in, home, report, progress, photos, damage, account, rating

sign-in-title = Sign in
sign-in-first = Sign in to go on to your page.
sign-in-login = Login or phone number
sign-in-password = Password
sign-in-go = Sign in
sign-in-lost = Forgot your password? Call us and we will send you a one-time link.
sign-in-differs = The two passwords differ. Please type it again.
enter-title = Sign in
enter-hint = This link works once. The button signs you in and opens your claims.
enter-go = Sign in
enter-password-title = Set a password
enter-password-hint = This link works once. Setting the password signs you in.
enter-password-rule = At least 10 characters. A few unrelated words are easy to remember and safe.
enter-password = New password
enter-again = Once more
enter-password-go = Set password and sign in
