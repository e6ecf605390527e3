use conveyor::{Expand, Outlet, Result, pipeline};

struct Word {
    text: String,
}

struct Words;

impl Expand for Words {
    type In = String;
    type Out = Word;
    fn expand(&mut self, line: String, out: &mut impl Outlet<Word>) -> Result<()> {
        for word in line.split(' ') {
            out.push(Word { text: word.to_owned() })?;
        }
        Ok(())
    }
}

fn main() {
    pipeline! { <String -> usize>; processor(Words) -> pipe -> processor(|word: Word| word.text.len()); };
}
