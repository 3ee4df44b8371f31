//! What JavaScript calls, and all that one instance of the module holds.
//!
//! `state` is what [`open`] gave. A function that takes `bytes` reads so many of [`room`]: texts in a row, or what they are
//! called after. A result below 0 is none: -1 for a number that belongs to nothing, -2 when code and text of the refusal
//! are [`said`].

use alloc::string::String;
use alloc::vec::Vec;

use spin::Mutex;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::answer::{REFUSED, STALE};
use crate::fault::Fault;
use crate::room::{Room, Texts};
use crate::state::State;

struct Instance {
    room: Room,
    said: String,
    /// By number; what is closed leaves its number to the next.
    states: Vec<Option<State>>,
}

/// An instance has one thread; a call finds this locked when a trap has ended an earlier one.
static INSTANCE: Mutex<Instance> =
    Mutex::new(Instance { room: Room::new(), said: String::new(), states: Vec::new() });

/// Calls `act`; `broken` after a trap.
fn with<T>(broken: T, act: impl FnOnce(&mut Instance) -> T) -> T {
    INSTANCE.try_lock().map_or(broken, |mut instance| act(&mut instance))
}

impl Instance {
    fn told(&mut self, done: Result<i32, Fault>) -> i32 {
        done.unwrap_or_else(|fault| {
            self.said = fault.0;
            REFUSED
        })
    }
}

/// A question to a state: its texts, and where to say what is no number.
type Act<'a> = &'a mut dyn FnMut(&mut State, &mut Texts<'_>, &mut String) -> Result<i32, Fault>;

/// Asks a state.
fn ask(state: u32, bytes: u32, act: Act<'_>) -> i32 {
    with(STALE, |instance| {
        let Instance { room, said, states } = instance;
        let Some(Some(state)) = states.get_mut(state as usize) else { return STALE };
        let done = act(state, &mut room.texts(bytes), said);
        room.shrink();
        instance.told(done)
    })
}

/// Where to write so many bytes; 0 when there is no memory for what they hold.
#[wasm_bindgen]
pub fn room(bytes: usize) -> *mut u8 {
    with(core::ptr::null_mut(), |instance| instance.room.make(bytes))
}

/// Where the text is that was said last.
#[wasm_bindgen]
#[must_use]
pub fn said() -> *const u8 {
    with(core::ptr::null(), |instance| instance.said.as_ptr())
}

/// How many bytes it has.
#[wasm_bindgen]
#[must_use]
pub fn said_bytes() -> usize {
    with(0, |instance| instance.said.len())
}

/// Opens the payload of a verified envelope; the number of the state.
#[wasm_bindgen]
pub fn open(bytes: u32) -> i32 {
    with(STALE, |instance| {
        let opened = State::open(instance.room.bytes(bytes));
        instance.room.shrink();
        let opened = opened.map(|state| {
            let states = &mut instance.states;
            let free = states.iter().position(Option::is_none).unwrap_or(states.len());
            match states.get_mut(free) {
                Some(place) => *place = Some(state),
                None => states.push(Some(state)),
            }
            free as i32
        });
        instance.told(opened)
    })
}

/// Forgets a state.
#[wasm_bindgen]
pub fn close(state: u32) {
    with((), |instance| {
        if let Some(place) = instance.states.get_mut(state as usize) {
            *place = None;
        }
    });
}

/// Applies the payload of a verified envelope; 0, or the state is as before.
#[wasm_bindgen]
pub fn apply(state: u32, bytes: u32) -> i32 {
    with(STALE, |instance| {
        let Instance { room, states, .. } = instance;
        let Some(Some(state)) = states.get_mut(state as usize) else { return STALE };
        let applied = state.apply(room.bytes(bytes));
        room.shrink();
        instance.told(applied)
    })
}

/// The number of a user; -1 for nobody.
#[wasm_bindgen]
pub fn user(state: u32, bytes: u32) -> i32 {
    ask(state, bytes, &mut |state, texts, _| state.user(texts.text()))
}

/// Says the id of the user of this name or id; nothing for nobody.
#[wasm_bindgen]
pub fn id(state: u32, bytes: u32) -> i32 {
    ask(state, bytes, &mut |state, texts, said| state.id(texts.text(), said))
}

/// The number of a permission; -1 for one that no role has.
#[wasm_bindgen]
pub fn permission(state: u32, bytes: u32) -> i32 {
    ask(state, bytes, &mut |state, texts, _| state.permission(texts.text()))
}

/// 0 when a role has this permission, else -1.
#[wasm_bindgen]
pub fn has_permission(state: u32, bytes: u32) -> i32 {
    ask(state, bytes, &mut |state, texts, _| Ok(state.has_permission(texts.text())))
}

/// The number of a place: scope, parent.
#[wasm_bindgen]
pub fn place(state: u32, bytes: u32) -> i32 {
    ask(state, bytes, &mut |state, texts, _| state.place(texts))
}

/// The number of conditions.
#[wasm_bindgen]
pub fn conditions(state: u32, bytes: u32) -> i32 {
    ask(state, bytes, &mut |state, texts, _| state.conditions(texts))
}

/// Decides by numbers.
#[wasm_bindgen]
pub fn check(state: u32, user: u32, permission: u32, place: u32, conditions: u32, at: f64) -> i32 {
    ask(state, 0, &mut |state, _, _| Ok(state.check(user, permission, place, conditions, at)))
}

/// Decides by names: user, permission, scope, parent, conditions.
#[wasm_bindgen]
pub fn decide(state: u32, bytes: u32, at: f64, at_least: f64) -> i32 {
    ask(state, bytes, &mut |state, texts, _| Ok(state.decide(texts, at, at_least)))
}

/// Says why, in one line.
#[wasm_bindgen]
pub fn explain(state: u32, bytes: u32, at: f64, at_least: f64) -> i32 {
    ask(state, bytes, &mut |state, texts, said| {
        *said = state.explain(texts, at, at_least);
        Ok(0)
    })
}

/// Decides whether a user has a role: its id or name, scope, parent, conditions.
#[wasm_bindgen]
pub fn has_role(state: u32, user: u32, bytes: u32, at: f64) -> i32 {
    ask(state, bytes, &mut |state, texts, _| state.has_role(user, texts, at))
}

/// Says who may, each id with the end of its line: scope, parent, conditions; at most `limit` of them, from the place `from`
/// in the list, or below 0 from its beginning. Gives the place where the list goes on; -1 if it does not.
#[wasm_bindgen]
pub fn who_can(state: u32, permission: u32, bytes: u32, at: f64, from: i32, limit: u32) -> i32 {
    ask(state, bytes, &mut |state, texts, said| state.who_can(permission, texts, at, (from, limit), said))
}

/// Works out what a user may do in the whole organisation, asserting the conditions: up to when that holds is [`until`].
#[wasm_bindgen]
pub fn select(state: u32, user: u32, bytes: u32, at: f64) -> i32 {
    ask(state, bytes, &mut |state, texts, _| Ok(state.select(user, texts, at)))
}

/// Says the conditions that would have to be asserted for the last decision to allow, each with the end of its line.
#[wasm_bindgen]
pub fn required(state: u32) -> i32 {
    ask(state, 0, &mut |state, _, said| {
        state.required(said);
        Ok(0)
    })
}

/// Up to when the last answer holds.
#[wasm_bindgen]
#[must_use]
pub fn until(state: u32) -> f64 {
    number(state, State::until)
}

/// The revision that answers.
#[wasm_bindgen]
#[must_use]
pub fn revision(state: u32) -> f64 {
    number(state, State::revision)
}

/// From when on this state may not be used.
#[wasm_bindgen]
#[must_use]
pub fn valid_until(state: u32) -> f64 {
    number(state, State::valid_until)
}

fn number(state: u32, of: fn(&State) -> f64) -> f64 {
    with(f64::MIN, |instance| {
        instance.states.get(state as usize).and_then(Option::as_ref).map_or(f64::MIN, of)
    })
}
