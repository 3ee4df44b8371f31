use clap::{CommandFactory, Parser};

use super::{Cli, Command, TokenPurpose, listen_address};

#[test]
fn definitions_hold_together() {
    Cli::command().debug_assert();
}

#[test]
fn every_option_says_what_it_is() {
    for command in Cli::command().get_subcommands() {
        assert!(command.get_about().is_some(), "{} has no description", command.get_name());
        for argument in command.get_arguments() {
            let described = argument.get_help().is_some();
            assert!(described, "{} {} has no description", command.get_name(), argument.get_id());
        }
    }
}

#[test]
fn serve_listens_on_loopback_by_default() {
    let cli = Cli::try_parse_from(["cohort", "serve", "--data", "d"]).expect("a command line");
    let Command::Serve(args) = cli.command else { panic!("another command") };
    assert!(args.listen.ip().is_loopback());
    assert_eq!(args.gather, 0);
}

#[test]
fn addresses_have_a_port() {
    for (text, read) in [("localhost:80", "127.0.0.1:80"), ("[::1]:0", "[::1]:0"), ("0.0.0.0:1", "0.0.0.0:1")]
    {
        assert_eq!(listen_address(text).expect("an address").to_string(), read);
    }
    for text in ["8080", ":8080", "localhost", "localhost:http", "example.com:80"] {
        assert!(listen_address(text).is_err(), "{text}");
    }
}

#[test]
fn questions_take_several_conditions() {
    let words = "cohort check --data d --org acme --user ada --permission p --with mfa --with on_network";
    let cli = Cli::try_parse_from(words.split(' ')).expect("a command line");
    let Command::Check(args) = cli.command else { panic!("another command") };
    assert_eq!(args.conditions, ["mfa", "on_network"]);
}

#[test]
fn token_purposes_are_words() {
    let parsed = Cli::try_parse_from(["cohort", "token", "--data", "d", "--org", "acme", "--for", "edge"]);
    let Command::Token(args) = parsed.expect("a command line").command else { panic!("another command") };
    assert_eq!(args.purpose, TokenPurpose::Edge);
    assert!(
        Cli::try_parse_from(["cohort", "token", "--data", "d", "--org", "acme", "--for", "root"]).is_err()
    );
}

#[test]
fn help_names_every_dialect() {
    let cli = Cli::command();
    let token = cli.find_subcommand("token").expect("a command");
    let dialect = token.get_arguments().find(|argument| argument.get_id() == "dialect").expect("an option");
    let help = dialect.get_help().expect("a description").to_string();
    for dialect in cohort_scim::Dialect::ALL {
        assert!(help.contains(dialect.name), "{}: {help}", dialect.name);
    }
}
