//! What administrators do with connections and tokens.

use super::Directory;
use crate::caller::Caller;
use crate::connections::{
    self, ConnectionPatch, ConnectionView, NewConnection, NewToken, Rotation, TokenView,
};
use crate::error::DirectoryError;
use crate::work::{Mode, Written};

type Answer<T> = Result<Written<T>, DirectoryError>;

impl Directory {
    /// Makes a connection with its first token.
    ///
    /// # Errors
    /// [`DirectoryError::Taken`]; [`DirectoryError::Name`]; [`DirectoryError::Dialect`];
    /// [`DirectoryError::TooMany`].
    pub fn create_connection(
        &self,
        caller: &Caller,
        new: NewConnection,
        mode: Mode,
    ) -> Answer<ConnectionView> {
        self.manage(caller, "connection.create", mode, |work| connections::create(work, new))
    }

    /// All connections in the order in which they were made.
    ///
    /// # Errors
    /// [`DirectoryError::Forbidden`].
    pub fn connections(&self, caller: &Caller) -> Result<Vec<ConnectionView>, DirectoryError> {
        let now = self.now();
        self.survey(caller, |store, org| connections::list(store, org, now))
    }

    /// The connection of this name.
    ///
    /// # Errors
    /// [`DirectoryError::Unknown`].
    pub fn connection(&self, caller: &Caller, name: &str) -> Result<ConnectionView, DirectoryError> {
        let now = self.now();
        self.survey(caller, |store, org| connections::one(store, org, name, now))
    }

    /// Changes what `patch` names about a connection.
    ///
    /// # Errors
    /// [`DirectoryError::Unknown`]; [`DirectoryError::Dialect`].
    pub fn change_connection(
        &self,
        caller: &Caller,
        name: &str,
        patch: ConnectionPatch,
        mode: Mode,
    ) -> Answer<ConnectionView> {
        let name = name.to_owned();
        self.manage(caller, "connection.change", mode, move |work| connections::change(work, &name, &patch))
    }

    /// Gives a connection a new token; those that it has end at the moment named, or now.
    ///
    /// # Errors
    /// [`DirectoryError::Unknown`]; [`DirectoryError::TooMany`].
    pub fn rotate_connection(
        &self,
        caller: &Caller,
        name: &str,
        rotation: Rotation,
        mode: Mode,
    ) -> Answer<NewToken> {
        let name = name.to_owned();
        let made = self.manage(caller, "connection.rotate", mode, move |work| {
            connections::rotate(work, &name, rotation)
        });
        self.told(mode, made)
    }

    /// Takes all tokens of a connection back; what it pushed stays.
    ///
    /// # Errors
    /// [`DirectoryError::Unknown`].
    pub fn revoke_connection(&self, caller: &Caller, name: &str, mode: Mode) -> Answer<()> {
        let name = name.to_owned();
        let revoked =
            self.manage(caller, "connection.revoke", mode, move |work| connections::revoke(work, &name));
        self.told(mode, revoked)
    }

    /// The tokens of this organisation that open anything, the oldest first; not those for all organisations.
    ///
    /// # Errors
    /// [`DirectoryError::Forbidden`].
    pub fn tokens(&self, caller: &Caller) -> Result<Vec<TokenView>, DirectoryError> {
        let now = self.now();
        self.survey(caller, |store, org| connections::tokens(store, org, now))
    }

    /// Takes one token of this organisation back, by its id.
    ///
    /// # Errors
    /// [`DirectoryError::Unknown`], also for a token for all organisations.
    pub fn revoke_token(&self, caller: &Caller, id: &str, mode: Mode) -> Answer<()> {
        let id = id.to_owned();
        let revoked =
            self.manage(caller, "token.revoke", mode, move |work| connections::revoke_token(work, &id));
        self.told(mode, revoked)
    }

    /// Has everybody who stays on look again whether their token still holds.
    fn told<T>(&self, mode: Mode, answer: Answer<T>) -> Answer<T> {
        if answer.is_ok() && mode == Mode::Commit {
            self.shared.news.revoked();
        }
        answer
    }
}
