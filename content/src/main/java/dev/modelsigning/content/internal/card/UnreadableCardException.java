package dev.modelsigning.content.internal.card;

/** A card is malformed or ambiguous; the message says why. */
final class UnreadableCardException extends Exception {

  private static final long serialVersionUID = 1L;

  UnreadableCardException(String message) {
    super(message);
  }
}
