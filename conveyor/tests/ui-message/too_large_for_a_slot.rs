const SIZE: Option<usize> = conveyor::message::slot_size::<[u8; 65_537]>();

fn main() {
    println!("{SIZE:?}");
}
