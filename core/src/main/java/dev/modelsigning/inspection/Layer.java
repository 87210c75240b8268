package dev.modelsigning.inspection;

import java.util.List;
import java.util.Locale;

/** One of the three nested documents of a signature file. */
public enum Layer {
  /** The Sigstore bundle: the file itself. */
  BUNDLE(
      "Bundle: the file",
      "It holds the envelope, and what helps to verify that: whose key signed",
      "(material), public logs that recorded it, stamps of when it existed."),
  /** The DSSE envelope. */
  ENVELOPE(
      "Envelope: in the bundle",
      "It holds the payload and a signature. What is signed is the PAE of the",
      "payload: its type, its length and its bytes."),
  /** The in-toto statement. */
  STATEMENT(
      "Statement: in the envelope, its payload",
      "It says what the signer vouches for: a model (subject) and, in a",
      "predicate, its files and how they were hashed (serialization).");

  private final String title;
  private final String meaning;
  private final String more;

  Layer(String title, String meaning, String more) {
    this.title = title;
    this.meaning = meaning;
    this.more = more;
  }

  /** A short title: what it is and where it is contained. */
  public String title() {
    return title;
  }

  /** What its parts are for, in lines of at most 71 columns. */
  public List<String> meaning() {
    return List.of(meaning, more);
  }

  /** Its name in lower case. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
