package dev.modelsigning.report;

import dev.modelsigning.facts.ContentFacts;
import dev.modelsigning.internal.document.ContentText;
import dev.modelsigning.internal.document.SignerFields;
import dev.modelsigning.manifest.Manifest;
import dev.modelsigning.manifest.Serialization;
import dev.modelsigning.model.UncoveredEntry;
import dev.modelsigning.signing.SignerIdentity;
import dev.modelsigning.signing.VerificationTime;
import java.util.ArrayList;
import java.util.List;

/** A list of facts, and how it looks: aligned, one a line. It is filled by one thread. */
public final class Facts {

  /** Longer lists are cut where they are shown, with the number of what is left. */
  public static final int MOST_LINES = 20;

  private static final int LABEL_WIDTH = 13;

  private final List<Fact> facts = new ArrayList<>();

  /** A list without facts. */
  public Facts() {}

  /** Adds a fact of one line. */
  public Facts add(String label, String value) {
    return addList(label, List.of(value));
  }

  /** Adds a fact of several lines; none if there is none. */
  public Facts addList(String label, List<String> values) {
    if (!values.isEmpty()) {
      facts.add(new Fact(label, values));
    }
    return this;
  }

  /** Adds who signed, and what there is to know about the signer. */
  public Facts addSigner(SignerIdentity signer) {
    add("signer", signer.method() + " " + signer.name());
    SignerFields.of(signer).forEach((name, value) -> add(words(name), value));
    return this;
  }

  /** A name in camel case as words, such as {@code not before}. */
  static String words(String name) {
    StringBuilder words = new StringBuilder();
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (c >= 'A' && c <= 'Z') {
        words.append(' ').append(Character.toLowerCase(c));
      } else {
        words.append(c);
      }
    }
    return words.toString();
  }

  /** Adds the times that verification went by. */
  public Facts addTimes(List<VerificationTime> times) {
    return addList("time", times.stream().map(VerificationTime::toString).toList());
  }

  /**
   * Adds how many files of what size were hashed, and how.
   *
   * @param files number of files
   * @param bytes their length in bytes, together
   */
  public Facts addFiles(Manifest manifest, long files, long bytes) {
    Serialization serialization = manifest.serialization();
    String how = serialization.hashAlgorithm().id();
    if (serialization instanceof Serialization.Shards shards) {
      how += " in shards of " + Amounts.of(shards.shardSize(), "byte");
    }
    return add("files", Amounts.of(files, "file") + ", " + Amounts.size(bytes) + ", " + how)
        .add("digest", manifest.rootDigest().toString());
  }

  /** Adds what the signature does not cover, and why. */
  public Facts addUncovered(List<UncoveredEntry> uncovered) {
    return addList(
        "not covered",
        uncovered.isEmpty() ? List.of("nothing") : uncovered.stream().map(Facts::line).toList());
  }

  /** Adds what can run when the model is loaded, and what its signer states by its card. */
  Facts addContents(ContentFacts found) {
    List<String> card = new ArrayList<>(ContentText.card(found));
    if (!card.isEmpty()) {
      card.add("as the signer states it; nothing of this was checked");
    }
    return addList("card", card).addList("can run", ContentText.runnable(found));
  }

  private static String line(UncoveredEntry entry) {
    String name =
        switch (entry.kind()) {
          case FILE -> entry.name();
          case DIRECTORY -> entry.name() + "/";
          default -> entry.name() + " [" + entry.kind() + "]";
        };
    return name + " (" + entry.reason() + ")";
  }

  /** The facts, in their order. */
  public List<Fact> facts() {
    return List.copyOf(facts);
  }

  /** The lines for people, lists cut. Whoever shows them escapes them first, one by one. */
  public List<String> lines() {
    return lines(MOST_LINES);
  }

  /**
   * The lines for people. Whoever shows them escapes them first, one by one.
   *
   * @param most how much of a list to show, in lines; the number of the rest comes behind it
   */
  public List<String> lines(int most) {
    List<String> lines = new ArrayList<>();
    for (Fact fact : facts) {
      String label = fact.label();
      for (String value : firstOf(fact.values(), most)) {
        lines.add("  " + label + " ".repeat(Math.max(0, LABEL_WIDTH - label.length())) + value);
        label = "";
      }
    }
    return lines;
  }

  /** The first lines of a list, then the number of the rest. */
  static List<String> firstOf(List<String> lines, int most) {
    if (lines.size() <= most) {
      return lines;
    }
    List<String> first = new ArrayList<>(lines.subList(0, most));
    first.add("... and " + (lines.size() - most) + " more");
    return first;
  }
}
