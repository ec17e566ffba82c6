# Words that many pages share: the shell, states, fields, dates, money.

brand = Anpei
brand-desk = Anpei desk
language-name = English
language-other = 中文

money-yuan = CNY { $figures }
date-full = { $day } { $month ->
    [1] Jan
    [2] Feb
    [3] Mar
    [4] Apr
    [5] May
    [6] Jun
    [7] Jul
    [8] Aug
    [9] Sep
    [10] Oct
    [11] Nov
   *[12] Dec
} { $year }
date-short = { $day } { $month ->
    [1] Jan
    [2] Feb
    [3] Mar
    [4] Apr
    [5] May
    [6] Jun
    [7] Jul
    [8] Aug
    [9] Sep
    [10] Oct
    [11] Nov
   *[12] Dec
}
time-just-now = just now
time-minutes-ago = { $count ->
    [one] 1 minute ago
   *[other] { $count } minutes ago
}
time-in-minutes = { $count ->
    [one] in 1 minute
   *[other] in { $count } minutes
}
time-today = today
time-yesterday = yesterday
time-tomorrow = tomorrow
time-until = by { $when }
time-was-due = was due { $when }
time-overdue = overdue { $span }
span-minutes = { $count ->
    [one] 1 minute
   *[other] { $count } minutes
}
span-hours = { $large } h{ $small ->
    [0] {""}
   *[other] {" "}{ $small } min
}
span-days = { $large } d{ $small ->
    [0] {""}
   *[other] {" "}{ $small } h
}
span-days-short = { $count } d

severity-minor = Minor
severity-general = General
severity-major = Major

shell-skip = Skip to content
shell-elder-on = Large text
shell-elder-off = Standard text
shell-theme = Appearance
shell-theme-auto = As the device
shell-theme-light = Light
shell-theme-dark = Dark
shell-language = Language
shell-settings = Display
shell-back = Back
shell-menu = Main menu
shell-account = Account
shell-sign-out = Sign out
shell-saved = Saved on this phone { $time }

action-next = Next
action-previous = Back
action-save = Save
action-cancel = Cancel
action-submit = Submit
action-open = Open
action-remove = Remove
action-more = Show more

field-optional = optional
field-summary-title = { $count ->
    [one] One thing is missing
   *[other] { $count } things are missing
}
field-summary-hint = Choose one to go there. What you have entered is kept.
field-required = Please fill this in.
field-choose = Please choose one.

pager-label = Pages
pager-next = Next page
pager-previous = Previous page
pager-first = First page

timeline-label = Progress
timeline-done = Done
timeline-now = Now
timeline-next = Next
stages-label = Stages
tabs-label = Sections
loading = Loading
photo-open = Open photo: { $name }

confirm-title = Please confirm
