//! Every form of a declaration and of user code is accepted. Declaring is all that happens here; the conformance
//! tests run what is declared.

mod declare {
    mod code;
    mod forms;
    mod graphs;
}
