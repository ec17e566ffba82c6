# Kinds of papers and photos

evidence-vehicle-licence = Vehicle licence
evidence-driving-licence = Driving licence
evidence-id-card = Identity card
evidence-bank-card = Bank card
evidence-bank-account = Bank account
evidence-invoice = Invoice
evidence-accident-certificate = Police accident certificate
evidence-joint-statement = Joint statement of the parties
evidence-repair-estimate = Repair estimate
evidence-plate = Photo of the number plate
evidence-vin-plate = Photo of the VIN
evidence-photo-scene = Photo of the scene
evidence-photo-whole-car = Photo of the whole car
evidence-photo-damage = Close-up of the damage
evidence-medical-record = Medical record
evidence-medical-invoice = Medical bill
evidence-disability-report = Disability report
evidence-death-certificate = Death certificate
evidence-kinship-proof = Proof of kinship
evidence-property-list = List of damaged property
evidence-theft-filing = Police filing of the theft
evidence-weather-proof = Proof of the weather
evidence-vehicle-registration = Vehicle registration certificate
evidence-other = Other paper
