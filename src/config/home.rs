//! `~/` in a path is the owner's home, as they mean it: no shell reads the config, so nobody else would put it there.
use super::file::{Argv, File};
use std::path::{Path, PathBuf};

impl File {
    /// Every path that begins with `~/`, below `home`.
    #[must_use]
    pub(super) fn below(mut self, home: Option<&Path>) -> File {
        let Some(home) = home else { return self };
        for mail in &mut self.mail {
            let paths = [&mut mail.path, &mut mail.tls_ca, &mut mail.password_file];
            paths.into_iter().for_each(|path| place(path, home));
            [&mut mail.password_cmd, &mut mail.token_cmd].into_iter().for_each(|argv| program(argv, home));
        }
        self.calendar.iter_mut().for_each(|calendar| place(&mut calendar.path, home));
        place(&mut self.outbox.folder, home);
        if let Some(smtp) = &mut self.smtp {
            [&mut smtp.tls_ca, &mut smtp.password_file].into_iter().for_each(|path| place(path, home));
            [&mut smtp.password_cmd, &mut smtp.token_cmd].into_iter().for_each(|argv| program(argv, home));
        }
        self.networks.files.iter_mut().flatten().for_each(|path| *path = placed(path, home));
        self
    }
}

fn placed(path: &Path, home: &Path) -> PathBuf {
    path.strip_prefix("~").map_or_else(|_| path.to_owned(), |rest| home.join(rest))
}

fn place(path: &mut Option<PathBuf>, home: &Path) {
    path.iter_mut().for_each(|path| *path = placed(path, home));
}

/// Only the program: what an argument means is its own affair.
fn program(argv: &mut Option<Argv>, home: &Path) {
    if let Some(first) = argv.as_mut().and_then(|argv| argv.first_mut()) {
        *first = placed(Path::new(first), home).display().to_string();
    }
}

#[cfg(test)]
mod tests {
    use super::placed;
    use std::path::Path;

    #[test]
    fn only_a_tilde_of_its_own_is_home() {
        for (written, meant) in
            [("~/Mail", "/home/sam/Mail"), ("~", "/home/sam"), ("~ana/Mail", "~ana/Mail"), ("/a/~/b", "/a/~/b")]
        {
            assert_eq!(placed(Path::new(written), Path::new("/home/sam")), Path::new(meant), "{written}");
        }
    }
}
