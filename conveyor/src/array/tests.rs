use super::handle::SharedArray;
use super::{Order, Shape};
use crate::message::{Decoder, Encoded, Message};
use crate::{Context, ErrorKind};
use std::sync::atomic::{AtomicU64, Ordering};

#[test]
fn what_is_decoded_here_is_the_same_memory() {
    let array = SharedArray::<AtomicU64>::build([2, 3]).order(Order::ColumnMajor).zeros().unwrap();
    let lent = Encoded::of(&array).unwrap();
    let arrived: SharedArray<AtomicU64> = lent.decode_parameters().unwrap();
    arrived[[1, 2]].store(7, Ordering::Relaxed);
    assert_eq!(array[[1, 2]].load(Ordering::Relaxed), 7);
    assert_eq!((arrived.shape(), arrived.order()), (array.shape(), array.order()));
}

#[test]
fn an_array_of_another_type_or_size_does_not_arrive() {
    let array = SharedArray::<u64>::zeros(4).unwrap();
    let lent = Encoded::of(&array).unwrap();
    assert!(lent.decode_parameters::<SharedArray<i64>>().is_err());
    let mut longer = lent.bytes().to_vec();
    let shape = longer.windows(8).rposition(|bytes| bytes == 4_u64.to_ne_bytes()).unwrap();
    longer[shape..shape + 8].copy_from_slice(&5_u64.to_ne_bytes());
    assert!(Encoded::from_bytes(&longer).decode_parameters::<SharedArray<u64>>().is_err());
}

#[test]
fn what_nobody_keeps_does_not_arrive() {
    let array = SharedArray::<u64>::zeros(4).unwrap();
    let lent = Encoded::of(&array).unwrap();
    let bytes = Encoded::from_bytes(lent.bytes());
    assert!(bytes.decode_parameters::<SharedArray<u64>>().is_ok());
    drop(lent);
    let error = bytes.decode_parameters::<SharedArray<u64>>().unwrap_err();
    assert!(error.to_string().contains("nobody keeps"), "{error}");
}

#[test]
fn it_does_not_travel_through_pipes() {
    let array = SharedArray::<u64>::zeros(4).unwrap();
    let error = Encoded::default().write(&array).unwrap_err();
    assert!(error.to_string().contains("make it a parameter of the pipeline"), "{error}");
}

/// A safe implementation of `Message` can hand any bytes to the decoder, so those of a pipe do not get at memory.
#[test]
fn it_arrives_with_parameters_only() {
    let array = SharedArray::<u64>::zeros(4).unwrap();
    let lent = Encoded::of(&vec![array]).unwrap();
    let error = lent.decode::<Vec<SharedArray<u64>>>().unwrap_err();
    assert!(error.to_string().contains("not in other messages"), "{error}");
    assert!(lent.view::<Vec<SharedArray<u64>>>().is_err());
    let mut parameters = Decoder::new(lent.bytes()).with_references();
    let mut views = Vec::<SharedArray<u64>>::view(&mut parameters).unwrap();
    assert_eq!(views.next().unwrap().as_slice(), [0; 4], "also when it is looked at later");
}

#[test]
fn copies_of_encoded_parameters_keep_it_too() {
    let mut array = SharedArray::<u64>::zeros(4).unwrap();
    let lent = Encoded::of(&(1_u8, array.clone())).unwrap();
    let copy = lent.clone();
    drop(lent);
    assert!(array.as_mut_slice().is_err());
    let (_, arrived): (u8, SharedArray<u64>) = copy.decode_parameters().unwrap();
    drop(copy);
    let error = array.as_mut_slice().unwrap_err();
    assert!(error.to_string().contains("clones of its handle"), "{error}");
    drop(arrived);
    assert!(array.as_mut_slice().is_ok());
}

#[test]
fn more_than_there_is_is_an_error_that_says_so() {
    for context in [Context::Processes, Context::Threads] {
        let error = SharedArray::<u64>::build([1 << 33, 1 << 13]).context(context).zeros().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Array);
        assert!(error.to_string().contains("the array needs 536870912 MiB of"), "{error}");
        assert!(error.to_string().contains("be had") && error.to_string().contains("smaller"), "{error}");
        let error = SharedArray::<u64>::build([usize::MAX, 2]).context(context).zeros().unwrap_err();
        assert!(error.to_string().contains("more bytes than there are addresses"), "{error}");
    }
}

#[test]
fn arrays_without_elements_or_axes() {
    for context in [Context::Processes, Context::Threads] {
        let empty = SharedArray::<u64>::build([0, 3]).context(context).zeros().unwrap();
        assert!(empty.is_empty() && empty.parts().next().is_none());
        let columns =
            SharedArray::<u64>::build([0, 3]).order(Order::ColumnMajor).context(context).zeros().unwrap();
        assert!(columns.parts().all(<[u64]>::is_empty) && columns.parts().len() == 3);
        let mut single = SharedArray::build(Shape::from([])).context(context).full(5_u64).unwrap();
        assert_eq!((single[[]], single.parts().len()), (5, 1));
        single.as_mut_slice().unwrap()[0] = 6;
        assert_eq!(single[[]], 6);
        let nothing = SharedArray::<()>::build(1000).context(context).zeros().unwrap();
        assert_eq!(nothing.as_slice().len(), 1000);
    }
}

#[test]
fn axes_are_not_too_long_even_without_elements() {
    let zeros = |shape| SharedArray::<()>::zeros(shape);
    for shape in [vec![0, usize::MAX], vec![usize::MAX], vec![1 << 40, 1 << 40, 0]] {
        let error = zeros(shape).unwrap_err().to_string();
        assert!(error.contains("its axes, without those of length 0, would have"), "{error}");
    }
    let mut longest = zeros(vec![0, isize::MAX as usize]).unwrap();
    assert_eq!((longest.len(), longest.strides().len()), (0, 2));
    #[cfg(feature = "ndarray")]
    assert_eq!((longest.view().len(), longest.view_mut().unwrap().len()), (0, 0));
    longest.as_mut_slice().unwrap();
}

#[test]
#[should_panic(expected = "an array of shape [2, 3] has no element at [1, 3]")]
fn an_index_that_is_outside() {
    let _ = SharedArray::<u64>::zeros([2, 3]).unwrap()[[1, 3]];
}

#[test]
fn parts_of_workers_are_row_major() {
    let error = SharedArray::<u64>::build(3).order(Order::ColumnMajor).per_worker(2).zeros().unwrap_err();
    assert!(error.to_string().contains("leave out `order`"), "{error}");
}

#[test]
fn elements_must_fill_the_shape() {
    let error = SharedArray::build([2, 2]).from_slice(&[1, 2, 3]).unwrap_err();
    assert_eq!(error.to_string(), "3 elements do not fill an array of shape [2, 2]");
}
