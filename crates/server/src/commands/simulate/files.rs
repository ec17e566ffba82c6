//! The folder of a book: written aside, put in its place when it is complete.

use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use serde_json::json;
use sha2::{Digest, Sha256};

/// The files of a book with the names of their columns.
pub(super) const FILES: [(&str, &str); 7] = [
    (
        "policies.csv",
        "policy,vehicle,city,starts_on,ends_on,driver_age,no_claim_years,compulsory,own_damage,third_party",
    ),
    ("vehicles.csv", "vehicle,class,energy,first_registered,actual_value"),
    ("accidents.csv", "accident,policy,occurred_at,cause,city,vehicles,injured,own_fault_percent"),
    (
        "claims.csv",
        "claim,accident,policy,reported_at,channel,severity,stage,claimed,assessed,approved,paid,ended_at,reopened",
    ),
    ("stages.csv", "claim,stage,began_at"),
    ("payments.csv", "payment,claim,cover,amount,ordered_at,status,settled_at"),
    (
        "truth.csv",
        "claim,fraud,ring,found,true_damage,excess,outcome,ultimate_paid,ends_at,late_because,report_delay_hours",
    ),
];

/// Which file a row goes to; in the order of [`FILES`].
#[derive(Clone, Copy)]
pub(super) enum Table {
    Policies,
    Vehicles,
    Accidents,
    Claims,
    Stages,
    Payments,
    Truth,
}

/// Where the account of a book waits until its files are in their place.
const ACCOUNT_ASIDE: &str = "book.json.making";

/// A book in the making.
pub(super) struct Folder {
    out: PathBuf,
    making: PathBuf,
    files: Vec<Sheet>,
}

struct Sheet {
    file: BufWriter<File>,
    hash: Sha256,
    rows: u64,
    line: String,
}

impl Folder {
    /// Begins a book in `out`. One that is complete stays as it is; what an end in the middle left is begun anew.
    pub(super) fn make(out: &Path) -> Result<Folder> {
        if out.join("book.json").exists() {
            bail!("{} holds a book already; name another folder with --out", out.display());
        }
        let making = out.join("making");
        // Only what a book that was broken off left is written over.
        let broken_off = making.exists() || out.join(ACCOUNT_ASIDE).exists();
        if let Some((name, _)) = FILES.iter().find(|(name, _)| !broken_off && out.join(name).exists()) {
            let place = out.join(name);
            bail!(
                "{} is no part of a book that was broken off; name another folder with --out",
                place.display()
            );
        }
        if making.exists() {
            fs::remove_dir_all(&making)
                .with_context(|| format!("{} cannot be begun anew", making.display()))?;
        }
        fs::create_dir_all(&making).with_context(|| format!("{} cannot be made", making.display()))?;
        let mut folder = Folder { out: out.to_owned(), making, files: vec![] };
        for (name, columns) in FILES {
            let path = folder.making.join(name);
            let file = File::create(&path).with_context(|| format!("{} cannot be made", path.display()))?;
            let file = BufWriter::with_capacity(1 << 18, file);
            let mut sheet = Sheet { file, hash: Sha256::new(), rows: 0, line: String::with_capacity(256) };
            sheet.put(format_args!("{columns}"))?;
            sheet.rows = 0;
            folder.files.push(sheet);
        }
        Ok(folder)
    }

    /// Adds a row.
    pub(super) fn row(&mut self, table: Table, cells: std::fmt::Arguments<'_>) -> Result<()> {
        self.files[table as usize].put(cells)
    }

    /// Puts the book in its place, and the account of it last: a folder with `book.json` is complete.
    pub(super) fn finish(self, seed: u64, assumptions: &str, counts: &serde_json::Value) -> Result<String> {
        let mut told = vec![];
        for ((name, _), sheet) in FILES.iter().zip(self.files) {
            let Sheet { file, hash, rows, .. } = sheet;
            let file =
                file.into_inner().map_err(|problem| problem.into_error()).context("the disk refuses")?;
            file.sync_all().context("the disk refuses")?;
            let hash: String = hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
            told.push(json!({ "file": name, "rows": rows, "sha256": hash }));
        }
        let account = json!({ "seed": seed, "assumptions": assumptions, "counts": counts, "files": told });
        let text = format!("{account:#}\n");
        let aside = self.out.join(ACCOUNT_ASIDE);
        fs::write(&aside, &text).context("the account of the book cannot be written")?;
        for (name, _) in FILES {
            fs::rename(self.making.join(name), self.out.join(name))
                .context("a file cannot be put in its place")?;
        }
        fs::remove_dir(&self.making).context("the folder of the making cannot be removed")?;
        fs::rename(&aside, self.out.join("book.json"))
            .context("the account of the book cannot be written")?;
        Ok(text.trim_end().to_owned())
    }
}

impl Sheet {
    fn put(&mut self, cells: std::fmt::Arguments<'_>) -> Result<()> {
        self.line.clear();
        // Writing to a text in memory does not fail.
        let _ = writeln!(self.line, "{cells}");
        self.hash.update(self.line.as_bytes());
        self.rows += 1;
        self.file.write_all(self.line.as_bytes()).context("the disk refuses")
    }
}
