"""What the customers of Harbour see at each season's end: how their packages came to what they have, step by step."""

from tests.fixtures.year import Year, azores, lisbon, told

CLUB = "1 session of Physiotherapy 45 was"


async def after_winter(there: Year) -> None:
    """Ana looks at the club that she has renewed."""
    with there.on(lisbon("2026-03-30 21:00")):
        assert await told(there, there.house.ana, "ana's club") == [
            ("8 sessions were bought at Lisbon Chiado.", 8),
            ("400.00 EUR was paid in cash at Lisbon Chiado.", 8),
            (f"{CLUB} reserved for 2026-02-10 10:00 at Lisbon Chiado.", 7),
            (f"{CLUB} reserved for 2026-02-17 10:00 at Lisbon Chiado.", 6),
            (f"{CLUB} reserved for 2026-02-24 10:00 at Lisbon Chiado.", 5),
            (f"{CLUB} used at Lisbon Chiado.", 5),
            (f"{CLUB} used up by a no-show at Lisbon Chiado.", 5),
            (f"{CLUB} used up by a late cancellation at Lisbon Chiado.", 5),
            (f"{CLUB} used at Lisbon Chiado.", 4),
            ("4 sessions were moved into the package that renews this one at Lisbon Chiado.", 0),
        ]


async def after_spring(there: Year) -> None:
    """Ana looks at the new club, which lapsed in the end."""
    with there.on(lisbon("2026-06-30 21:00")):
        steps = await told(there, there.house.ana, "ana's new club")
        assert steps[:6] == [
            ("8 sessions were bought at Lisbon Chiado.", 8),
            ("4 sessions were taken over at Lisbon Chiado.", 12),
            ("400.00 EUR was paid in cash at Lisbon Chiado.", 12),
            (f"{CLUB} reserved for 2026-03-24 18:00 at Lisbon Chiado.", 11),
            (f"{CLUB} reserved for 2026-03-31 18:00 at Lisbon Chiado.", 10),
            (f"{CLUB} reserved for 2026-04-07 18:00 at Lisbon Chiado.", 9),
        ]
        assert steps[6:9] == [
            (f"{CLUB} used at Lisbon Chiado.", 9),
            (f"{CLUB} used at Lisbon Chiado.", 9),
            (f"{CLUB} released by the booking at Lisbon Chiado.", 10),
        ]
        assert [label for label, available in steps[9:14] if available == 10] == [
            "The last day was moved to 2026-04-22.",
            "The package was frozen from 2026-04-15 until 2026-05-10.",
            "The freeze was ended on 2026-05-01.",
            "The package was frozen from 2026-05-04 until 2026-05-09.",
            "The freeze was ended on 2026-05-03.",
        ]
        # One last visit of two, and what lapsed of the bought and of the taken over sessions.
        assert [available for _, available in steps[14:]] == [8, 4, 0]


async def after_summer(there: Year) -> None:
    """Eva looks at the ten sessions that her bank did not want to pay for."""
    with there.on(lisbon("2026-09-30 21:00")):
        assert await told(there, there.house.eva, "eva's ten") == [
            ("10 sessions were bought at Ponta Delgada.", 10),
            ("450.00 EUR was paid through an online link at Ponta Delgada.", 10),
            ("2 sessions of Physiotherapy 45 were used at Ponta Delgada.", 8),
            (f"{CLUB} reserved for 2026-08-05 09:00 at Ponta Delgada.", 7),
            (f"{CLUB} reserved for 2026-08-19 09:00 at Ponta Delgada.", 6),
            (f"{CLUB} released by the booking at Ponta Delgada.", 7),
            ("The last day was moved to 2027-01-11.", 7),
            (f"{CLUB} released by the booking at Ponta Delgada.", 8),
            ("A payment of 450.00 EUR was disputed.", 8),
            ("The dispute was won on 2026-09-21.", 8),
        ]


async def after_autumn(there: Year) -> None:
    """Ana looks at Rui's bundle, of which she is owed a facial."""
    with there.on(azores("2027-01-31 21:00")):
        steps = await told(there, there.house.ana, "rui's bundle")
        assert steps[:5] == [
            ("4 sessions were bought at Ponta Delgada.", 4),
            ("2 sessions were bought at Ponta Delgada.", 6),
            ("319.90 EUR was paid in cash at Ponta Delgada.", 6),
            ("1 session was granted as goodwill at Ponta Delgada.", 7),
            ("1 session of Massage 60 was used at Ponta Delgada.", 6),
        ]
        assert steps[5:10] == [
            ("2 sessions of Massage 60 were reserved for 2026-08-12 16:00 at Ponta Delgada.", 4),
            ("2 sessions of Massage 60 were released by the booking at Ponta Delgada.", 6),
            ("The last day was moved to 2027-01-12.", 6),
            ("4 sessions of Massage 60 were reserved for 2026-11-14 15:00 at Ponta Delgada.", 2),
            ("4 sessions of Massage 60 were used at Ponta Delgada.", 2),
        ]
        assert steps[10] == ("1 session of Facial was reserved for 2027-01-26 18:00 at Ponta Delgada.", 1)
        assert [available for _, available in steps[11:]] == [0, 1, 0, 1]
        assert steps[-1] == ("1 session of Facial was granted as goodwill at Ponta Delgada.", 1)
