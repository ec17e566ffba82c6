//! What Linux tells of this process and its disk; on another system the figures are left out.

use std::fs;
use std::path::Path;
use std::sync::LazyLock;
use std::time::SystemTime;

/// Ticks of the processor clock in a second, as the kernel tells them to programs on every platform that we build for.
const TICKS_PER_SECOND: u64 = 100;

/// What there is to tell of this process.
#[derive(Debug, Default)]
pub(crate) struct Machine {
    pub(crate) resident_bytes: Option<u64>,
    pub(crate) virtual_bytes: Option<u64>,
    pub(crate) threads: Option<u64>,
    pub(crate) open_files: Option<u64>,
    pub(crate) files_max: Option<u64>,
    pub(crate) cpu_seconds: Option<u64>,
}

impl Machine {
    /// Looks now.
    pub(crate) fn look() -> Machine {
        let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
        let number = |name: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(name))?;
            line.split_whitespace().next()?.parse::<u64>().ok()
        };
        Machine {
            resident_bytes: number("VmRSS:").map(|kibibytes| kibibytes * 1024),
            virtual_bytes: number("VmSize:").map(|kibibytes| kibibytes * 1024),
            threads: number("Threads:"),
            open_files: fs::read_dir("/proc/self/fd").ok().map(|files| files.count() as u64),
            files_max: files_max(),
            cpu_seconds: cpu_seconds(),
        }
    }
}

/// When this process was first looked at, which is when it started.
pub(crate) fn began() -> SystemTime {
    static BEGAN: LazyLock<SystemTime> = LazyLock::new(SystemTime::now);
    *BEGAN
}

/// Room left on the disk of `folder`, for those who are not root.
pub(crate) fn free_bytes(folder: &Path) -> Option<u64> {
    let told = rustix::fs::statvfs(folder).ok()?;
    Some(told.f_bavail.saturating_mul(told.f_frsize))
}

/// The size of the databases in `folder`.
pub(crate) fn database_bytes(folder: &Path) -> u64 {
    let files = fs::read_dir(folder).into_iter().flatten().flatten();
    let databases = files.filter(|file| file.file_name().to_string_lossy().contains(".db"));
    databases.filter_map(|file| file.metadata().ok()).map(|found| found.len()).sum()
}

/// Threads of the runtime beyond its `workers`: those kept for work that waits.
pub(crate) fn blocking_threads(workers: usize) -> Option<u64> {
    let tasks = fs::read_dir("/proc/self/task").ok()?.flatten();
    let named = tasks.filter_map(|task| fs::read_to_string(task.path().join("comm")).ok());
    let ours = named.filter(|name| name.starts_with("tokio-r")).count();
    Some(ours.saturating_sub(workers) as u64)
}

fn files_max() -> Option<u64> {
    let limits = fs::read_to_string("/proc/self/limits").ok()?;
    let line = limits.lines().find_map(|line| line.strip_prefix("Max open files"))?;
    line.split_whitespace().next()?.parse().ok()
}

fn cpu_seconds() -> Option<u64> {
    let stat = fs::read_to_string("/proc/self/stat").ok()?;
    // The name of the program stands in brackets and may hold anything.
    let mut fields = stat.rsplit_once(')')?.1.split_whitespace().skip(11);
    let (user, system): (u64, u64) = (fields.next()?.parse().ok()?, fields.next()?.parse().ok()?);
    Some((user + system) / TICKS_PER_SECOND)
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn this_process_is_there() {
        let machine = Machine::look();
        assert!(machine.resident_bytes.unwrap() > 1 << 20);
        assert!(machine.virtual_bytes.unwrap() >= machine.resident_bytes.unwrap());
        assert!(machine.threads.unwrap() >= 1);
        let open = machine.open_files.unwrap();
        assert!(open >= 3 && open <= machine.files_max.unwrap());
        assert!(machine.cpu_seconds.is_some());
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("journal.db"), "12345").unwrap();
        fs::write(folder.path().join("other"), "1").unwrap();
        assert_eq!(database_bytes(folder.path()), 5);
        assert!(free_bytes(folder.path()).unwrap() > 0);
        assert!(blocking_threads(0).is_some());
    }
}
