//! What ships is tested: the config that documents, the units that start, the README that is typed off. Each drifts alone
//! otherwise, and the reader is the one who finds out.
use clap::{CommandFactory as _, Parser as _};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;
use thankd::cli::Cli;
use thankd::config::{ConfigError, REFERENCE, load_text};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).unwrap_or_else(|e| panic!("{path}: {e}"))
}

/// Every file of the repository, as git tells; of an unpacked archive, all but what building leaves.
fn tracked() -> Vec<String> {
    let git = Command::new("git").args(["ls-files", "-z"]).current_dir(root()).output();
    let listed = git.ok().filter(|o| o.status.success()).map(|o| String::from_utf8(o.stdout).unwrap());
    let files: Vec<String> = match listed {
        Some(list) => list.split('\0').filter(|f| !f.is_empty()).map(str::to_owned).collect(),
        None => walk(root()),
    };
    assert!(files.iter().any(|f| f == "src/main.rs"), "the repository was not found");
    files.into_iter().filter(|f| root().join(f).is_file()).collect()
}

fn walk(dir: &Path) -> Vec<String> {
    let mut out = Vec::new();
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        let skipped = path.ends_with("target") || path.ends_with(".git");
        if path.is_dir() && !skipped {
            out.extend(walk(&path));
        } else if path.is_file() {
            out.push(path.strip_prefix(root()).unwrap().to_str().unwrap().to_owned());
        }
    }
    out
}

fn names_in(dir: &str, ending: &str) -> BTreeSet<String> {
    let entries = std::fs::read_dir(root().join(dir)).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap());
    let out: BTreeSet<String> = entries.filter_map(|n| n.strip_suffix(ending).map(str::to_owned)).collect();
    assert!(!out.is_empty(), "{dir} holds no {ending}");
    out
}

// ---- the documented config -------------------------------------------------------------------------------------------

/// One key of the reference: its section (`[[mail]]`), its line without the `#`.
#[derive(Debug, Clone)]
struct Key {
    section: String,
    name: String,
    line: String,
}

/// A line of the config as it would be with its `#` taken off; prose gives `None`.
fn setting(line: &str) -> Option<&str> {
    let line = line.strip_prefix("# ").unwrap_or(line);
    let head = line.trim_start_matches(|c: char| c.is_ascii_lowercase() || c == '_');
    let is_key = head.len() < line.len() && head.starts_with(" = ");
    let is_section = line.starts_with('[') && line.split('#').next().unwrap_or("").trim_end().ends_with(']');
    (is_key || is_section).then_some(line)
}

fn reference_keys() -> Vec<Key> {
    let mut section = String::new();
    let mut out = Vec::new();
    for line in REFERENCE.lines().filter_map(setting) {
        if line.starts_with('[') {
            section = line.to_owned();
        } else {
            let name = line.split(" = ").next().unwrap().to_owned();
            out.push(Key { section: section.clone(), name, line: line.to_owned() });
        }
    }
    assert!(out.len() > 60, "the reference was not understood: {} keys", out.len());
    out
}

/// The keys the code knows in a place: what it says it expected in the stead of an unknown one.
fn keys_of_code(section: &str) -> BTreeSet<String> {
    let text = format!("{section}\nzzz = 1\n");
    match load_text(Path::new("probe.toml"), &text) {
        Err(ConfigError::Wrong(wrong)) => {
            let expected = wrong.what.split_once("expected").unwrap_or_else(|| panic!("{}", wrong.what)).1;
            expected.split('`').skip(1).step_by(2).map(str::to_owned).collect()
        }
        other => panic!("{section}: an unknown key was taken: {other:?}"),
    }
}

#[test]
fn the_embedded_config_is_the_file() {
    assert_eq!(REFERENCE, read("config/thankd.toml"));
}

#[test]
fn every_setting_of_the_code_is_documented_and_back() {
    let mut documented: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for key in reference_keys() {
        documented.entry(key.section).or_default().insert(key.name);
    }
    let sections: BTreeSet<String> =
        documented.keys().map(|s| s.trim_matches(|c| c == '[' || c == ']').to_owned()).collect();
    assert_eq!(sections, keys_of_code(""), "sections");
    for (section, names) in &documented {
        assert_eq!(*names, keys_of_code(section), "keys of {section}");
    }
}

/// As written, each alone: a value that no longer parses is a lie in the documentation.
#[test]
fn every_commented_key_parses() {
    for key in reference_keys() {
        let text = format!("{}\n{}\n", key.section, key.line);
        match load_text(Path::new("thankd.toml"), &text) {
            Err(ConfigError::Wrong(wrong)) => panic!("{text}\n{wrong}"),
            Ok(_) | Err(ConfigError::Faults { .. } | ConfigError::Unreadable { .. }) => {}
            Err(other) => panic!("{text}\n{other}"),
        }
    }
}

/// All of it at once, where the alternatives allow: one source of a password, one way out, no file that is not here.
#[test]
fn the_whole_config_uncommented_is_good() {
    let left_out = ["password_file", "password_credential", "token_cmd", "tls_ca", "append", "folder"];
    let mut text = String::new();
    let mut seen = BTreeSet::new();
    let mut section = String::new();
    for line in REFERENCE.lines().filter_map(setting) {
        let name = line.split(" = ").next().unwrap();
        if line.starts_with('[') {
            section = format!("{line} {}", seen.len());
        } else if left_out.contains(&name) || !seen.insert((section.clone(), name.to_owned())) {
            continue;
        }
        // Whoever lets others read along has said that they may see.
        let line = line.replace("also_to_may_see = false", "also_to_may_see = true");
        text += &format!("{line}\n");
    }
    let settings = load_text(Path::new("thankd.toml"), &text).unwrap_or_else(|e| panic!("{text}\n{e}"));
    assert_eq!((settings.mail.len(), settings.calendars.is_empty()), (2, false));
}

// ---- the man page and the commands -----------------------------------------------------------------------------------

fn thankd(args: &[&str]) -> String {
    let out = Command::new(env!("CARGO_BIN_EXE_thankd")).args(args).output().unwrap();
    assert!(out.status.success(), "thankd {args:?}: {}", String::from_utf8_lossy(&out.stderr));
    String::from_utf8(out.stdout).unwrap()
}

#[test]
fn the_man_page_tells_every_command_flag_and_setting() {
    let man = thankd(&["man"]).replace("\\-", "-");
    let settings = man.split_once(".SH SETTINGS").expect("settings in the man page").1;
    for key in reference_keys() {
        assert!(settings.contains(&format!("{} = ", key.name)), "{} of {}", key.name, key.section);
    }
    for part in ["EXIT STATUS", "SIGNALS", "ENVIRONMENT", "FILES"] {
        assert!(man.contains(&format!("\n.SH {part}\n")), "{part}");
    }
    for command in Cli::command().get_subcommands() {
        let title = format!(".SH THANKD {}\n", command.get_name().to_uppercase());
        let part = man.split_once(&title).unwrap_or_else(|| panic!("{title}")).1;
        let part = part.split_once("\n.SH ").map_or(part, |(own, _)| own);
        for flag in command.get_arguments().filter_map(clap::Arg::get_long) {
            assert!(part.contains(&format!("--{flag}")), "--{flag} of {}", command.get_name());
        }
    }
}

#[track_caller]
fn parses(place: &str, words: &[String]) {
    if let Err(e) = Cli::try_parse_from(words) {
        panic!("{place}: `{}`: {e}", words.join(" "));
    }
}

/// As a shell would take it apart, as far as documentation goes: quotes, comments, `&&`, redirection.
fn shell(line: &str) -> Vec<Vec<String>> {
    let mut out = vec![Vec::new()];
    let mut word = String::new();
    let mut quoted = false;
    let mut redirected = false;
    for c in line.chars().chain([' ']) {
        match c {
            '"' => quoted = !quoted,
            '#' if word.is_empty() && !quoted => break,
            c if c.is_whitespace() && !quoted => match std::mem::take(&mut word).as_str() {
                "" => {}
                "&&" | ";" | "|" => {
                    out.push(Vec::new());
                    redirected = false;
                }
                ">" => redirected = true,
                w if !redirected => out.last_mut().unwrap().push(w.to_owned()),
                _ => {}
            },
            c => word.push(c),
        }
    }
    out
}

/// Commands of thankd in a line of documentation, as its own arguments.
fn commands(line: &str) -> Vec<Vec<String>> {
    let own = |words: Vec<String>| match words.first().map(String::as_str) {
        Some("thankd") => Some(words),
        Some("cargo") if words.get(1).is_some_and(|w| w == "run") => {
            let at = words.iter().position(|w| w == "--")?;
            Some(words[at..].iter().map(|w| if w == "--" { "thankd".to_owned() } else { w.clone() }).collect())
        }
        _ => None,
    };
    shell(line).into_iter().filter_map(own).collect()
}

#[test]
fn a_documented_command_is_taken_apart_as_a_shell_does() {
    let found = commands("mkdir -p x && thankd config > y/thankd.toml; thankd who \"A B\" C   # told");
    assert_eq!(found, [vec!["thankd", "config"]]);
    let found = commands("thankd who \"A B\" C   # told");
    assert_eq!(found, [vec!["thankd", "who", "A B", "C"]]);
    assert_eq!(commands("cargo run --release -- demo"), [vec!["thankd", "demo"]]);
    assert!(Cli::try_parse_from(["thankd", "brew"]).is_err());
}

/// Fenced `sh` blocks, and `thankd …` in backticks.
#[test]
fn every_command_of_the_docs_exists() {
    let mut count = 0;
    for path in tracked().iter().filter(|p| p.ends_with(".md")) {
        let text = read(path);
        let blocks = text.split("```sh\n").skip(1).map(|b| b.split("```").next().unwrap());
        let lines: Vec<&str> = blocks.flat_map(str::lines).collect();
        let inline = text.split('`').skip(1).step_by(2).filter(|s| s.starts_with("thankd ") && !s.contains('\n'));
        // "thankd read FILE" is a command with a stand-in; "thankd tell … met" names none.
        for line in lines.into_iter().chain(inline.filter(|s| !s.contains('…'))) {
            for words in commands(line) {
                parses(path, &words);
                count += 1;
            }
        }
    }
    assert!(count >= 8, "only {count} commands were found");
}

#[test]
fn units_start_what_exists() {
    let units: Vec<String> = tracked().into_iter().filter(|p| p.ends_with(".service")).collect();
    assert_eq!(units.len(), 3, "{units:?}");
    for path in &units {
        let text = read(path);
        let start = text.lines().find_map(|l| l.strip_prefix("ExecStart=")).expect("ExecStart");
        let words: Vec<String> = start.split_whitespace().map(str::to_owned).collect();
        assert_eq!(words[0], "/usr/bin/thankd", "{path}");
        parses(path, &words);
        // 2 usage, 78 configuration: trying again cannot help; 70, our bug, may be gone with the next mail.
        for line in ["Type=notify", "RestartPreventExitStatus=2 78", "Restart=on-failure", "UMask=0077"] {
            assert!(text.lines().any(|l| l == line), "{path}: {line}");
        }
    }
}

/// The template is the system unit with `-%i` in its names, and nothing else.
#[test]
fn the_template_unit_is_the_system_unit_for_one_of_many() {
    let template = read("systemd/system/thankd@.service");
    let same = template
        .replace("thankd for %i:", "thankd:")
        .replace("/etc/thankd/%i.toml", "/etc/thankd/thankd.toml")
        .replace("/etc/thankd/%i/", "/etc/thankd/")
        .replace("thankd-%i", "thankd");
    assert_eq!(same, read("systemd/system/thankd.service"));
}

// ---- data ------------------------------------------------------------------------------------------------------------

#[test]
fn every_word_file_loads_and_has_all_sections() {
    let embedded: BTreeSet<String> = thankd::words::EMBEDDED.iter().map(|(lang, _)| (*lang).to_owned()).collect();
    assert_eq!(embedded, names_in("config/words", ".toml"), "embedded and shipped");
    let mut sets: BTreeMap<BTreeSet<String>, Vec<String>> = BTreeMap::new();
    for lang in &embedded {
        let text = read(&format!("config/words/{lang}.toml"));
        let lexicon = thankd::words::Words::parse(&text).unwrap_or_else(|e| panic!("{lang}: {e}"));
        assert_eq!(lexicon.language, *lang);
        let table: toml::Table = text.parse().unwrap();
        let sections = table.iter().filter(|(_, v)| v.is_table()).map(|(k, _)| k.clone()).collect();
        // `mul` holds names of no language (Zoom, Teams): meetings alone have such.
        if lang != "mul" {
            sets.entry(sections).or_default().push(lang.clone());
        }
    }
    assert_eq!(sets.len(), 1, "languages differ in their sections: {sets:#?}");
}

#[test]
fn every_network_file_loads() {
    let files = names_in("config/networks", ".toml");
    let embedded = thankd::letter::Catalogue::embedded();
    assert_eq!(embedded.networks().count(), files.len(), "embedded and shipped");
    for name in &files {
        let path = format!("config/networks/{name}.toml");
        let text = read(&path);
        let own = embedded.clone().with_own([(path.as_str(), text.as_str())]);
        let own = own.unwrap_or_else(|e| panic!("{e}"));
        assert_eq!(own.networks().count(), files.len(), "{path}: its id is not its own");
    }
}

// ---- what is named is there --------------------------------------------------------------------------------------------

/// Does `path` exist? `*` and `<…>` stand for any one name.
fn is_there(path: &str, tracked: &[String]) -> bool {
    let path = path.trim_end_matches('/');
    let parts: Vec<&str> = path.split('/').collect();
    tracked.iter().any(|file| {
        let file: Vec<&str> = file.split('/').collect();
        parts.len() <= file.len() && parts.iter().zip(&file).all(|(pattern, name)| fits(pattern, name))
    })
}

fn fits(pattern: &str, name: &str) -> bool {
    match pattern.find(['*', '<']) {
        None => pattern == name,
        Some(at) => {
            let after = pattern.rfind(['*', '>']).map_or("", |end| &pattern[end + 1..]);
            name.starts_with(&pattern[..at]) && name[at..].ends_with(after)
        }
    }
}

const TOPS: [&str; 9] =
    ["src/", "config/", "docs/", "tests/", "systemd/", "benches/", ".ci/", "fuzz/", "config/networks/"];

/// Links of markdown and backticked words that look like our paths.
fn paths_in(text: &str) -> Vec<&str> {
    let links = text.split("](").skip(1).filter_map(|l| l.split(')').next()).filter(|l| !l.contains("://"));
    let ticked = text.split('`').skip(1).step_by(2).filter(|t| TOPS.iter().any(|top| t.starts_with(top)));
    links.chain(ticked.filter(|t| !t.contains(' '))).map(|p| p.split('#').next().unwrap()).collect()
}

#[test]
fn every_path_of_the_docs_exists() {
    let files = tracked();
    let mut count = 0;
    for doc in files.iter().filter(|f| f.ends_with(".md") && !f.starts_with("tests/")) {
        let text = read(doc);
        for path in paths_in(&text).into_iter().filter(|p| !p.is_empty()) {
            let beside = Path::new(doc).parent().unwrap().join(path);
            let there = is_there(path, &files) || is_there(beside.to_str().unwrap(), &files);
            assert!(there, "{doc} names {path}");
            count += 1;
        }
    }
    assert!(count > 3, "only {count} paths were found");
    assert!(!is_there("docs/nowhere.md", &files) && is_there("config/networks/*.toml", &files));
}

fn manifest() -> toml::Table {
    read("Cargo.toml").parse().unwrap()
}

#[test]
fn every_path_of_the_manifest_exists() {
    let manifest = manifest();
    let mut paths: Vec<PathBuf> = vec![manifest["package"]["readme"].as_str().unwrap().into()];
    paths.push(manifest["lib"]["path"].as_str().unwrap().into());
    paths.extend(manifest["bin"].as_array().unwrap().iter().map(|b| b["path"].as_str().unwrap().into()));
    let benches = manifest["bench"].as_array().unwrap().iter();
    let benches: BTreeSet<String> = benches.map(|b| b["name"].as_str().unwrap().to_owned()).collect();
    assert_eq!(benches, names_in("benches", ".rs"), "benches");
    for path in paths {
        assert!(root().join(&path).is_file(), "{}", path.display());
    }
}

#[test]
fn dependencies_are_explained_and_no_others() {
    let manifest = manifest();
    let names = |table: &str| manifest[table].as_table().unwrap().keys().cloned().collect::<BTreeSet<_>>();
    let text = read("docs/dependencies.md");
    let rows = text.lines().filter_map(|l| l.strip_prefix("| ")).skip(1);
    let told: BTreeSet<String> =
        rows.flat_map(|r| r.split(" |").next().unwrap().split(", ").map(str::to_owned)).collect();
    assert_eq!(told, names("dependencies"));
    let dev = text.split_once("only: ").expect("a line for tests").1.split('.').next().unwrap();
    let dev: BTreeSet<String> = dev.split(", ").map(|d| d.trim().to_owned()).collect();
    assert_eq!(dev, names("dev-dependencies"));
}

#[test]
fn the_changelog_and_the_readme_speak_of_this_version() {
    let manifest = manifest();
    let package = |key: &str| manifest["package"][key].as_str().unwrap().to_owned();
    let changelog = read("CHANGELOG.md");
    let top = changelog.lines().find_map(|l| l.strip_prefix("## ")).expect("a version");
    assert_eq!(top.split(' ').next(), Some(package("version").as_str()));
    let rust = format!("Rust {}", package("rust-version"));
    assert!(read("README.md").contains(&rust), "README does not ask for {rust}");
}

#[test]
fn the_changelog_names_every_command() {
    let changelog = read("CHANGELOG.md");
    for command in Cli::command().get_subcommands() {
        assert!(changelog.contains(&format!("`{}`", command.get_name())), "{}", command.get_name());
    }
}

#[test]
fn licences_are_there() {
    assert_eq!(manifest()["package"]["license"].as_str(), Some("MIT OR Apache-2.0"));
    assert!(read("LICENSE-MIT").contains("Permission is hereby granted"));
    assert!(read("LICENSE-APACHE").contains("Version 2.0, January 2004"));
}

/// `/home/sam` is the invented owner of every example; any other home is somebody's.
fn of_a_machine(line: &str) -> bool {
    let starts = ["/home/", concat!("/wo", "rk/"), concat!("/fa", "rm/"), "/Users/"];
    starts.iter().any(|start| {
        line.match_indices(start).any(|(at, _)| {
            let outer = line[..at].chars().next_back().is_none_or(|c| !c.is_alphanumeric() && !"._-/~}".contains(c));
            outer && !line[at..].starts_with("/home/sam")
        })
    })
}

#[test]
fn no_path_of_anybodys_machine_ships() {
    assert!(of_a_machine("see /home/jo/x") && !of_a_machine("https://a.test/home/jo") && !of_a_machine("/home/sam/x"));
    let mut found = Vec::new();
    for path in tracked().into_iter().filter(|p| p != "tests/shipped.rs") {
        let bytes = std::fs::read(root().join(&path)).unwrap();
        let text = String::from_utf8_lossy(&bytes);
        found.extend(text.lines().filter(|l| of_a_machine(l)).map(|l| format!("{path}: {l}")));
    }
    assert!(found.is_empty(), "{found:#?}");
}

// ---- the README's picture ----------------------------------------------------------------------------------------------

const PICTURE: (&str, &str) = ("<!-- thankd demo -->\n```\n", "```\n<!-- end -->");

/// The digest as the demo prints it, up to the second kind of early requests: enough to see what it is.
fn excerpt(demo: &str) -> String {
    let mut out = String::new();
    let mut kinds = 0;
    let mut early = false;
    for line in demo.lines().take_while(|l| !l.starts_with('—')) {
        early |= line == "EARLY REQUESTS";
        let kind = early && line.starts_with("  ") && line.chars().nth(2).is_some_and(char::is_alphabetic);
        kinds += usize::from(kind);
        if kinds > 1 {
            break;
        }
        out += &format!("{line}\n");
    }
    out + "  …\n"
}

/// `UPDATE=1 cargo test --test shipped` writes the picture anew: read the difference.
#[test]
fn the_readme_shows_what_the_demo_prints() {
    let dir = tempfile::tempdir().unwrap();
    let demo = thankd(&["demo", "--out", dir.path().join("demo").to_str().unwrap()]);
    let readme = read("README.md");
    let (before, rest) = readme.split_once(PICTURE.0).expect("the picture's start in README.md");
    let (picture, after) = rest.split_once(PICTURE.1).expect("the picture's end in README.md");
    let now = excerpt(&demo);
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(root().join("README.md"), format!("{before}{}{now}{}{after}", PICTURE.0, PICTURE.1)).unwrap();
        return;
    }
    assert_eq!(picture, now, "UPDATE=1 cargo test --test shipped writes it anew");
}
