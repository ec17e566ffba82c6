//! The registry of kinds: to add one, write its file here and its line in [`KINDS`].

mod accident_certificate;
mod bank_account;
mod bank_card;
mod death_certificate;
mod disability_report;
mod driving_licence;
mod id_card;
mod invoice;
mod joint_statement;
mod kinship_proof;
mod medical_invoice;
mod medical_record;
mod other;
mod photo_damage;
mod photo_scene;
mod photo_whole_car;
mod plate;
mod property_list;
mod repair_estimate;
mod theft_filing;
mod vehicle_licence;
mod vehicle_registration;
mod vin_plate;
mod weather_proof;

use crate::Kind;

/// Every kind of paper and photo, in the order in which lists show them.
pub static KINDS: &[&Kind] = &[
    &vehicle_licence::KIND,
    &driving_licence::KIND,
    &id_card::KIND,
    &bank_card::KIND,
    &bank_account::KIND,
    &invoice::KIND,
    &accident_certificate::KIND,
    &joint_statement::KIND,
    &repair_estimate::KIND,
    &plate::KIND,
    &vin_plate::KIND,
    &photo_scene::KIND,
    &photo_whole_car::KIND,
    &photo_damage::KIND,
    &medical_record::KIND,
    &medical_invoice::KIND,
    &disability_report::KIND,
    &death_certificate::KIND,
    &kinship_proof::KIND,
    &property_list::KIND,
    &theft_filing::KIND,
    &weather_proof::KIND,
    &vehicle_registration::KIND,
    &other::KIND,
];
