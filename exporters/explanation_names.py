"""What an explanation calls things: in English as programs do, in other languages as the pages do."""

from exporters.desk import Decided
from exporters.explanation import Threshold
from exporters.ground_words import grounds_in_words
from exporters.pages.incident_words import ALERTS, KINDS, OUTCOMES
from exporters.pages.tongue import Tongue
from exporters.pages.verdicts import EVIDENCE, sentence, threshold
from exporters.pages.words import QUALITIES, SERVICE_STATES, STATES
from exporters.told import Told
from exporters.verdict_view import VerdictView, verdict_of
from model.incident import AlertName
from model.inventory import Language
from model.state import State
from model.verdict import Quality, Why


class ExplanationNames:
    """Names things by their ids, so that they are what other commands take.

    Attributes:
        tongue: Writes figures.
    """

    def __init__(self, language: Language) -> None:
        self.tongue = Tongue(language)
        self._language: Language = language

    def subject(self, noun: str, name: str) -> str:
        """A kind and an id."""
        return f"{noun if self._language == 'en' else KINDS[self._language].get(noun, noun)} {name}"

    def state(self, noun: str, state: State) -> str:
        """A state in a sentence."""
        if self._language == "en":
            return state.value
        word = (SERVICE_STATES if noun == "service" else STATES)[self._language][state]
        return word[:1].lower() + word[1:]

    def alert(self, name: str) -> str:
        """A kind of alert."""
        if self._language == "en" or name not in set(AlertName):
            return name
        return ALERTS[self._language][AlertName(name)]

    def alert_of(self, decided: Decided) -> str:
        """The kind of alert of a decision, with the requirement that it is about."""
        required = decided.requirement
        if self._language != "en" and required in set(Quality):
            required = QUALITIES[self._language][Quality(required)]
        return self.alert(decided.alertname) + (f" ({required})" if required else "")

    def outcome(self, decided: Decided) -> str:
        """What was decided."""
        return (
            decided.outcome
            if self._language == "en"
            else OUTCOMES[self._language].get(decided.outcome, decided.outcome)
        )

    def detail(self, decided: Decided) -> Told:
        """Whom, or why."""
        if self._language == "en" or decided.because is None:
            return Told("", decided.detail)
        return Told(grounds_in_words(decided.because, self._language, self.subject, self.alert))

    def threshold(self, required: Threshold) -> str:
        """What had to be kept."""
        if self._language == "en":
            return required.words
        quality, value = required.requirement, required.value
        told = EVIDENCE[self._language][Why.NO_CONTRACT] if value is None else threshold(quality, value, self.tongue)
        return f"{QUALITIES[self._language][quality]} {told}"

    def verdict(self, view: VerdictView) -> str:
        """A verdict in a sentence."""
        return view.words if self._language == "en" else sentence(verdict_of(view), self.tongue)
