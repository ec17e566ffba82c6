# Settlement: the ground of every step, why an input was refused, and the explanation in plain words

loss-repair = Repair costs { $repair }
loss-total = Total loss: actual value { $actual_value } less salvage kept { $salvage_kept } makes { $value }
loss-rescue = This vehicle's part of the rescue fee { $rescue }: the vehicle was worth { $insured }, other things rescued { $other }, so { $value }
loss-claimed = The loss is { $loss }
mutual-own = Mutual self-claim: all losses of this vehicle are { $own }, within { $limit }, and are paid by its own compulsory insurance
ctpl-limit-death-disability-at-fault = Death and disability limit, at fault: { $limit }
ctpl-limit-death-disability-no-fault = Death and disability limit, without fault: { $limit }
ctpl-limit-medical-at-fault = Medical limit, at fault: { $limit }
ctpl-limit-medical-no-fault = Medical limit, without fault: { $limit }
ctpl-limit-property-at-fault = Property limit, at fault: { $limit }
ctpl-limit-property-no-fault = Property limit, without fault: { $limit }
ctpl-share-court = By the judicial interpretation the other motor vehicles share the loss of { $loss } by their limits: { $weight } of { $weights }, so { $value }
ctpl-share-practice = By the practice manual the vehicles that owe share the loss of { $loss } by their limits: { $weight } of { $weights }, so { $value }
ctpl-cap = The shares here are { $shares } together, above the limit of { $limit }; this one of { $share } is scaled down to { $value }
ctpl-round = Round { $number } of sharing again: still short { $short }; this vehicle has { $left } left, all that owe have { $lefts }, and { $asked } is asked of it; this adds { $value }
ctpl-on-behalf = Paid on behalf: still short { $unpaid }; vehicles without fault: { $without_fault }, with a limit of { $limit } each; vehicles at fault: { $at_fault }; this one bears { $value }
ctpl-recourse = { $amount } is paid first and then claimed back from the driver
ctpl-shift = Steps in for uninsured { $uninsured }: its share was { $share }; this vehicle has { $left } left, all insured ones have { $lefts }; it pays { $amount }
liability-base = Loss { $loss } less { $outside } not covered and { $ctpl } borne by compulsory insurance: liability is counted on { $value }
liability-base-outside-first = Loss { $loss }, of it { $outside } not covered; the { $ctpl } of compulsory insurance goes to that part first: liability is counted on { $value }
liability-fault = { $base } × share of the fault { $share } = { $value }
liability-given = { $base } × share of liability towards this person { $share } = { $value }
third-party-holiday = Doubled on legal holidays: the limit of { $limit } becomes { $value }
third-party-trailer = Tractor and trailer owe { $due } together, split by limits: { $limit } of { $limits }, so { $value }
third-party-limit = All that is owed is { $dues }, above the third-party limit of { $limit }; this { $due } is scaled down to { $value }
seat-limit = { $due } is owed; the limit of the seat is { $limit }; { $value } is paid
duty-deductible = { $pay } less the deductible by fault of { $rate } makes { $value }
rider-absolute-deductible-rate = { $pay } less the agreed deductible rate of { $rate } makes { $value }
own-damage-received = Received from others: { $third_party } from outside this accident's vehicles, { $covers } from other vehicles' covers; { $value } of it goes to the damage of { $damage } first
own-damage-partial = Repair { $repair } − received { $received } − deductible { $deductible } = { $value }
own-damage-partial-deductible = Repair { $repair } − deductible { $deductible } = { $value }
own-damage-partial-received = Repair { $repair } − received { $received } = { $value }
own-damage-total = Sum insured { $sum_insured } − received { $received } − deductible { $deductible } − salvage kept { $salvage_kept } = { $value }
own-damage-w2014 = ({ $base } − received { $received }) × (1 − deductible by fault { $duty }) × (1 − deductible rate { $rate }) − deductible { $deductible } = { $value }
own-damage-rescue = Rescue fee { $part } − what was received beyond the damage { $received } = { $value }
own-damage-limit = { $pay } is within the sum insured of { $sum_insured } at most: { $value }
subrogation-taken-over = Of this { $amount }, the own-damage insurer takes over { $taken }; { $value } is left
rounding-fen = { $exact } here, { $group } in its group, rounded half up to the fen and split by largest remainder: { $amount }

settle-cover-compulsory = compulsory insurance
settle-cover-third-party = third-party liability
settle-cover-driver = driver's seat cover
settle-cover-passengers = passenger seat cover
settle-cover-own-damage = own damage
settle-cover-rescue = rescue fee
settle-cover-tortfeasor = liability for the damage
settle-bucket-death-disability = death and disability
settle-bucket-medical = medical cost
settle-bucket-property = property
settle-bucket-all = personal loss

settle-explain-mutual = Mutual self-claim applies: each side claims from its own compulsory insurer, and nothing else is computed.
settle-explain-pending-fault = The fault of a vehicle is not determined yet; this result may change.
settle-explain-nothing = No policy owes anything.
settle-explain-line = { $payer }, { $cover }, pays { $payee } ({ $bucket }): { $amount }
settle-explain-line-on-behalf = { $payer }, { $cover }, pays { $payee } ({ $bucket }): { $amount }, paid out by the insurer of { $insurer }
settle-explain-step = {"  "}· { $sentence }
settle-explain-driver = the driver
settle-explain-recovery = The insurer of { $by } may claim from { $from } ({ $ground }): { $amount }
settle-explain-unpaid = No insurance pays { $payee } ({ $bucket }): { $amount }
settle-explain-total = Owed by the policies of { $payer }: { $amount }
settle-explain-paid-total = Paid out by the insurer of { $insurer }: { $amount }

settle-refused = This accident cannot be settled as given
settle-refused-whole = the whole document
settle-refused-bad-json = At { $pointer } there is no valid JSON (UTF-8, no name twice in one object). Please check the file.
settle-refused-bad-type = The value at { $pointer } has the wrong type. Amounts, shares and times are strings, flags are true or false.
settle-refused-unknown-field = There is no field { $pointer }. Please remove it or check its spelling.
settle-refused-missing-field = The required { $pointer } is missing. Please add it.
settle-refused-bad-money = At { $pointer } there is no amount, or one too large. Please write yuan as a decimal, such as "5000.00".
settle-refused-negative-money = The amount at { $pointer } is negative. Please write zero or more.
settle-refused-too-precise = The amount at { $pointer } has more than two places. Please write whole fen.
settle-refused-bad-share = The share at { $pointer } is not within 0 and 1, or the shares are above 1 together. Please correct it.
settle-refused-bad-time = At { $pointer } there is no time with an offset. Please write it like "2026-05-02T14:30:00+08:00".
settle-refused-bad-value = The value at { $pointer } is not one of those allowed. Please check its spelling.
settle-refused-duplicate-id = The id at { $pointer } is used already. Vehicles and persons need different ids.
settle-refused-unknown-id = The id at { $pointer } is no vehicle of this accident. Please correct it.
settle-refused-unknown-rider = There is no such rider as at { $pointer }. Please check its spelling.
settle-refused-unsupported-rider = The rider at { $pointer } cannot be computed here yet. Please leave it out and compute it apart.
settle-refused-duplicate-rider = The deductible rider at { $pointer } names a cover that an earlier one names. Each cover may have one.
settle-refused-wording-unknown = { $pointer } cannot be told. Please give the wording or the start of the policy.
settle-refused-part-above-whole = The part at { $pointer } is above the whole it belongs to. Please correct it.
settle-refused-two-drivers = At { $pointer } there is a second driver of the same vehicle. A vehicle has one at most.
settle-refused-subrogate-without-own-damage = { $pointer } asks for subrogation, but the vehicle has no own-damage cover. Please use net, or add the cover.
settle-refused-no-rule-table = The time at { $pointer } is before compulsory insurance began (1 July 2006). It cannot be settled.
settle-refused-too-many = { $pointer } is beyond what one statement may have. Please split the accident.
settle-refused-amount-overflow = The amounts are too large together. Please check them. Place: { $pointer }
