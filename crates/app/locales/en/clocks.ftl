# Names of the clocks

clock-ctpl-papers-list = Compulsory cover: list the papers
clock-ctpl-decision = Compulsory cover: decide
clock-ctpl-pay = Compulsory cover: pay
clock-decide-coverage = Decide on cover
clock-pay-after-agreement = Pay after agreement
clock-refusal-letter = Send the refusal letter
clock-undisputed-advance = Pay the undisputed part
clock-report-late = Contract term for giving notice
clock-theft-to-police = Theft: report to the police
clock-theft-wait = Theft: wait for the search
clock-first-contact = First call to the customer
clock-first-contact-grave = First call to the customer (major)
clock-triage = Triage
clock-inspect = Inspect
clock-assess-minor = Assess (minor)
clock-assess-general = Assess (general)
clock-assess-major = Assess (major)
clock-adjudicate = Adjudicate
clock-pay-small = Pay a small claim
clock-answer-person = Answer who asked for a person
clock-nature-legal = Law
clock-nature-contract = Contract
clock-nature-service = Promise
