# How the process is doing: the page for operators.

debug-well = All is well
debug-look = { $count ->
    [one] 1 thing to look at
   *[other] { $count } things to look at
}
debug-act = { $count ->
    [one] 1 thing to act on
   *[other] { $count } things to act on
}
debug-version = Version
debug-began = started

debug-gauges = Queues and room
debug-what = What
debug-now = Now
debug-grade = State
debug-grade-well = Well
debug-grade-look = Look
debug-grade-act = Act
debug-seconds = { $count } s

debug-gauge-requests = Requests under way
debug-gauge-appends = Appends waiting to be written
debug-gauge-readers = Connections that read
debug-gauge-reactions = Reactions in hand
debug-gauge-round = Since the last regular round
debug-gauge-bank-ordered = Payments to hand to the bank
debug-gauge-bank-sent = Payments the bank has not answered
debug-gauge-messages = Messages to send
debug-gauge-tasks = Open tasks
debug-gauge-sessions = Open sessions
debug-gauge-blocking = Threads that wait for the disk
debug-gauge-memory = Memory
debug-gauge-files = Open files and connections
debug-gauge-store = Size of the databases
debug-gauge-disk = Room left on the disk

debug-followers = Who follows the journal
debug-head = The journal ends at position { $position }
debug-follower = Name
debug-lag = Entries behind

debug-turns = Work that one process at a time does
debug-turn = Lease
debug-holder = Who does it
debug-here = This process
debug-elsewhere = Not this process

debug-faults = What went wrong last
debug-faults-none = Nothing since the start
debug-kind = Who must act
debug-kind-refusal = Who asked
debug-kind-conflict = Nobody: tried again
debug-kind-unavailable = Operations
debug-kind-bug = Development
debug-code = Code
debug-place = Place
debug-times = Times
debug-at = Last

debug-settings = Settings
debug-setting = Name
debug-value = Value
debug-unset = Not set
