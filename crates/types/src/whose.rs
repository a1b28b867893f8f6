/// Who erred. Every error a person is told of says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Whose {
    /// This program.
    Us,
    /// The other side.
    Them,
    /// The person at the keyboard.
    You,
    /// The computer, or the network in between.
    Computer,
    /// Not known.
    Unknown,
}
