//! What can be done with every collection alike: make, list, read, change, remove.
//!
//! What a collection allows it says by the traits that it has; the table of routes names the handlers.

use axum::extract::State;
use axum::response::Response;
use cohort_directory::access::{GrantView, NewGrant, NewRole, RoleView};
use cohort_directory::connections::{ConnectionPatch, ConnectionView, NewConnection};
use cohort_directory::groups::{GroupPatch, GroupView, NewGroup};
use cohort_directory::users::{NewUser, UserPatch, UserView};
use cohort_directory::{Caller, Directory, DirectoryError, Mode, Written};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::json;

use super::mode;
use crate::app::App;
use crate::auth::Admin;
use crate::error::Refusal;
use crate::reply;
use crate::request::{ApiBody, Id, Query};

/// `/groups`
pub(crate) enum Groups {}
/// `/users`
pub(crate) enum Users {}
/// `/roles`
pub(crate) enum Roles {}
/// `/grants`
pub(crate) enum Grants {}
/// `/connections`
pub(crate) enum Connections {}
/// `/connections/{id}/tokens`
pub(crate) enum ConnectionTokens {}
/// `/tokens`
pub(crate) enum Tokens {}

type Found<T> = Result<T, DirectoryError>;
type Answer<T> = Result<Written<T>, DirectoryError>;

/// What can be made and listed.
pub(crate) trait Collection: 'static {
    /// The name of the list in its answer.
    const LIST: &'static str;
    /// A body that makes one.
    type New: DeserializeOwned + Send + 'static;
    /// One as administrators see it.
    type View: Serialize + Send + 'static;

    fn make(directory: &Directory, caller: &Caller, new: Self::New, mode: Mode) -> Answer<Self::View>;
    fn all(directory: &Directory, caller: &Caller) -> Found<Vec<Self::View>>;
}

/// What can be read one by one, and changed.
pub(crate) trait Changeable: Collection {
    /// A body that changes one.
    type Patch: DeserializeOwned + Send + 'static;

    fn one(directory: &Directory, caller: &Caller, id: &str) -> Found<Self::View>;
    fn alter(
        directory: &Directory,
        caller: &Caller,
        id: &str,
        patch: Self::Patch,
        mode: Mode,
    ) -> Answer<Self::View>;
}

/// What can be removed.
pub(crate) trait Removable: 'static {
    fn take(directory: &Directory, caller: &Caller, id: &str, mode: Mode) -> Answer<()>;
}

/// `POST` of a collection
pub(crate) async fn create<C: Collection>(
    State(app): State<App>,
    Admin(caller): Admin,
    query: Query,
    ApiBody(new): ApiBody<C::New>,
) -> Result<Response, Refusal> {
    let mode = mode(&query)?;
    let written = app.run(move |directory| C::make(directory, &caller, new, mode)).await?;
    Ok(reply::created(&written, mode))
}

/// `GET` of a collection
pub(crate) async fn list<C: Collection>(
    State(app): State<App>,
    Admin(caller): Admin,
) -> Result<Response, Refusal> {
    let all = app.run(move |directory| C::all(directory, &caller)).await?;
    Ok(reply::json(&json!({ C::LIST: all })))
}

/// `GET` of one
pub(crate) async fn read<C: Changeable>(
    State(app): State<App>,
    Admin(caller): Admin,
    Id(id): Id,
) -> Result<Response, Refusal> {
    let one = app.run(move |directory| C::one(directory, &caller, &id)).await?;
    Ok(reply::json(&one))
}

/// `PATCH` of one
pub(crate) async fn change<C: Changeable>(
    State(app): State<App>,
    Admin(caller): Admin,
    Id(id): Id,
    query: Query,
    ApiBody(patch): ApiBody<C::Patch>,
) -> Result<Response, Refusal> {
    let mode = mode(&query)?;
    let written = app.run(move |directory| C::alter(directory, &caller, &id, patch, mode)).await?;
    Ok(reply::changed(&written))
}

/// `DELETE` of one
pub(crate) async fn delete<C: Removable>(
    State(app): State<App>,
    Admin(caller): Admin,
    Id(id): Id,
    query: Query,
) -> Result<Response, Refusal> {
    let mode = mode(&query)?;
    let written = app.run(move |directory| C::take(directory, &caller, &id, mode)).await?;
    Ok(reply::removed(&written))
}

/// Joins a collection to the use cases that make and list it.
macro_rules! collection {
    ($name:ident, $list:literal, $new:ty, $view:ty, $make:ident, $all:ident) => {
        impl Collection for $name {
            const LIST: &'static str = $list;
            type New = $new;
            type View = $view;

            fn make(directory: &Directory, caller: &Caller, new: $new, mode: Mode) -> Answer<$view> {
                directory.$make(caller, new, mode)
            }

            fn all(directory: &Directory, caller: &Caller) -> Found<Vec<$view>> {
                directory.$all(caller)
            }
        }
    };
}

/// Joins a collection to the use cases that read and change one of it.
macro_rules! changeable {
    ($name:ident, $patch:ty, $one:ident, $alter:ident) => {
        impl Changeable for $name {
            type Patch = $patch;

            fn one(directory: &Directory, caller: &Caller, id: &str) -> Found<Self::View> {
                directory.$one(caller, id)
            }

            fn alter(
                directory: &Directory,
                caller: &Caller,
                id: &str,
                patch: $patch,
                mode: Mode,
            ) -> Answer<Self::View> {
                directory.$alter(caller, id, patch, mode)
            }
        }
    };
}

/// Joins a collection to the use case that removes one of it.
macro_rules! removable {
    ($name:ident, $take:ident) => {
        impl Removable for $name {
            fn take(directory: &Directory, caller: &Caller, id: &str, mode: Mode) -> Answer<()> {
                directory.$take(caller, id, mode)
            }
        }
    };
}

collection!(Groups, "groups", NewGroup, GroupView, create_group, groups);
changeable!(Groups, GroupPatch, group, change_group);
removable!(Groups, delete_group);

collection!(Users, "users", NewUser, UserView, create_user, users);
changeable!(Users, UserPatch, user, change_user);
removable!(Users, delete_user);

collection!(Roles, "roles", NewRole, RoleView, create_role, roles);
removable!(Roles, delete_role);

collection!(Grants, "grants", NewGrant, GrantView, create_grant, grants);
removable!(Grants, delete_grant);

collection!(Connections, "connections", NewConnection, ConnectionView, create_connection, connections);
changeable!(Connections, ConnectionPatch, connection, change_connection);

removable!(ConnectionTokens, revoke_connection);
removable!(Tokens, revoke_token);
