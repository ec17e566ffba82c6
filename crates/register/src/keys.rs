//! By what a policy is found without reading what is sealed.

use lexicon::{KeyedHash, Phone, Plate, Vault, Vin};
use serde::{Deserialize, Serialize};

use crate::HolderNumber;
use crate::import::PolicyRow;

/// The keyed hashes of a policy's personal numbers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Keys {
    /// Of the plate.
    pub plate: KeyedHash,
    /// Of the VIN.
    pub vin: KeyedHash,
    /// Of the holder's telephone.
    pub phone: KeyedHash,
    /// Of the holder's identity number or social credit code.
    pub holder: KeyedHash,
}

impl Keys {
    pub(crate) fn of(vault: &dyn Vault, row: &PolicyRow) -> Keys {
        Keys {
            plate: plate_key(vault, &row.plate),
            vin: vin_key(vault, &row.vin),
            phone: phone_key(vault, &row.holder.phone),
            holder: holder_key(vault, &row.holder.number),
        }
    }
}

/// The hash under which policies of `plate` are found.
pub fn plate_key(vault: &dyn Vault, plate: &Plate) -> KeyedHash {
    vault.keyed_hash("plate", plate.as_str().as_bytes())
}

/// The hash under which policies of `vin` are found.
pub fn vin_key(vault: &dyn Vault, vin: &Vin) -> KeyedHash {
    vault.keyed_hash("vin", vin.as_str().as_bytes())
}

/// The hash under which policies of the holder with `phone` are found.
pub fn phone_key(vault: &dyn Vault, phone: &Phone) -> KeyedHash {
    vault.keyed_hash("phone", phone.as_str().as_bytes())
}

/// The hash under which policies of the holder with `number` are found.
pub fn holder_key(vault: &dyn Vault, number: &HolderNumber) -> KeyedHash {
    vault.keyed_hash("holder", number.as_str().as_bytes())
}
