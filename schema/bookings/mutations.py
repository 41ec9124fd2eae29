"""The mutations about bookings, gathered for the root."""

import strawberry

from schema.bookings import attach_to_booking as attach
from schema.bookings import book_session as book
from schema.bookings import cancel_booking as cancel
from schema.bookings import cancel_booking_by_business as call_off
from schema.bookings import complete_booking as complete
from schema.bookings import mark_no_show as miss
from schema.bookings import reschedule_booking as reschedule
from schema.bookings import sync_booking as sync


@strawberry.type
class BookingMutations:
    """Mixed into the root mutation."""

    book_session: book.BookSessionResult = book.MUTATION
    reschedule_booking: reschedule.RescheduleBookingResult = reschedule.MUTATION
    cancel_booking: cancel.CancelBookingResult = cancel.MUTATION
    complete_booking: complete.CompleteBookingResult = complete.MUTATION
    mark_no_show: miss.MarkNoShowResult = miss.MUTATION
    cancel_booking_by_business: call_off.CancelBookingByBusinessResult = call_off.MUTATION
    sync_booking: sync.SyncBookingResult = sync.MUTATION
    attach_to_booking: attach.AttachToBookingResult = attach.MUTATION
