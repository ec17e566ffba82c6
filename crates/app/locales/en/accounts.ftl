# Accounts, sign-in, roles

role-customer = Customer
role-service-desk = Service desk
role-surveyor = Surveyor
role-assessor = Assessor
role-senior-assessor = Senior assessor
role-approver = Approver
role-senior-approver = Senior approver
role-chief-approver = Chief approver
role-investigator = Investigator
role-manager = Manager
role-auditor = Auditor
role-administrator = Administrator
role-client = Client program
actor-customer = Customer
actor-staff = Staff
actor-client = Client program
actor-system = Automatic
purpose-set-password = Set a password
purpose-sign-in = Sign in once

identity-refused-not-opened = There is no such account. Please check, or ask an administrator.
identity-refused-closed = This account was closed. If you need it, please ask an administrator.
identity-refused-already-open = This account is already open. Please sign in.
identity-refused-no-role = Please choose at least one role.
identity-refused-roles-conflict = These roles cannot share an account. Customer, auditor, administrator and client program each need their own.
identity-refused-locked = There were many attempts, so the account is locked until { $until } to protect you. Please try again then, or ask an administrator for a one-time link.
identity-refused-no-such-invitation = This link is not valid, or a newer one replaced it. Please use the latest, or ask for a new one.
identity-refused-invitation-used = This link was used before. Please sign in, or ask for a new one.
identity-refused-invitation-expired = This link has expired. Please ask for a new one.
identity-refused-password-missing = Please set a password.
identity-refused-password-length = A password needs at least { $min } characters, and not a whole page of them. Please choose another.
identity-refused-no-such-token = There is no such token, or it was revoked. Please refresh the list, or make a new one.
identity-refused-login-taken = This login is taken. Please choose another.
identity-refused-login-form = A login is a phone number, or 3 to 64 characters without spaces. Please change it.
identity-refused-sign-in = Login or password is not right. Please check and try again.
