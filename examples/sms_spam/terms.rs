//! Clean text: the terms that the models learn from.

/// The words of a message in lower case, and signs. Numbers of the same length are the same term; so are all phone
/// numbers.
pub(crate) fn terms(text: &str) -> Vec<String> {
    let mut terms = Vec::new();
    for piece in text.to_lowercase().split_inclusive(|c: char| !c.is_alphanumeric()) {
        let word = piece.trim_end_matches(|c: char| !c.is_alphanumeric());
        let sign = piece[word.len()..].trim();
        terms.extend([normalise(word), sign.to_owned()].into_iter().filter(|term| !term.is_empty()));
    }
    terms
}

fn normalise(word: &str) -> String {
    match word.bytes().filter(u8::is_ascii_digit).count() {
        digits @ 1..5 if digits == word.len() => format!("<{digits} digits>"),
        5.. => "<phone>".to_owned(),
        _ => word.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::terms;

    #[test]
    fn terms_are_words_and_signs() {
        assert_eq!(terms("Free £10, y'all!!"), ["free", "£", "<2 digits>", ",", "y", "'", "all", "!", "!"]);
    }

    #[test]
    fn numbers_of_one_length_are_one_term() {
        assert_eq!(terms("12 99 2nd"), ["<2 digits>", "<2 digits>", "2nd"]);
        assert_eq!(terms("087121 08712300220am"), ["<phone>", "<phone>"]);
        assert!(terms(" \n").is_empty());
    }
}
