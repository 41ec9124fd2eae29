"""Every act has a policy, and every policy an act."""

from domain.acts import ACTS
from domain.kernel.access import POLICIES, Role


def test_acts_and_policies_have_the_same_names() -> None:
    assert sorted(act.__name__ for act in ACTS) == sorted(POLICIES)


def test_every_act_says_what_it_does_and_lives_in_a_file_of_its_name() -> None:
    assert [act for act in ACTS if not act.__doc__ or act.__module__.rpartition(".")[2] != act.__name__] == []


def test_an_owner_may_do_everything_but_found_another_chain() -> None:
    assert [name for name, policy in POLICIES.items() if Role.OWNER not in policy.roles] == [
        "found_chain",
        "flag_booking",
        "lapse_package",
        "reestimate_package",
        "lapse_branch_transfer",
        "rehome_package",
    ]
    assert POLICIES["found_chain"].needs == "Carnet itself"
