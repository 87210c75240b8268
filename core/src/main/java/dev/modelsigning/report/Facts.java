package dev.modelsigning.report;

import dev.modelsigning.facts.ContentFacts;
import dev.modelsigning.internal.document.ContentText;
import dev.modelsigning.internal.document.SignerFields;
import dev.modelsigning.manifest.Manifest;
import dev.modelsigning.manifest.Serialization;
import dev.modelsigning.model.RegistryPlace;
import dev.modelsigning.model.UncoveredEntry;
import dev.modelsigning.signing.SignerIdentity;
import dev.modelsigning.signing.VerificationTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/** A list of facts and its layout: aligned, one on each line. It is not thread-safe. */
public final class Facts {

  /** Longer lists are shortened for display, with the number of the omitted lines. */
  public static final int MOST_LINES = 20;

  private static final int LABEL_WIDTH = 13;

  private final List<Fact> facts = new ArrayList<>();

  /** Creates an empty list. */
  public Facts() {}

  /** Adds a fact of one line. */
  public Facts add(String label, String value) {
    return addList(label, List.of(value));
  }

  /** Adds a fact of several lines; nothing if there are none. */
  public Facts addList(String label, List<String> values) {
    if (!values.isEmpty()) {
      facts.add(new Fact(label, values));
    }
    return this;
  }

  /** Adds the signer and its attributes. */
  public Facts addSigner(SignerIdentity signer) {
    return addSigner("signer", signer);
  }

  /**
   * Adds a signer and its attributes.
   *
   * @param label says whether it is the signer, or only claims to be
   */
  public Facts addSigner(String label, SignerIdentity signer) {
    add(label, signer.method() + " " + signer.name());
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

  /** Adds the times at which certificates were validated, and until when the earliest is proved. */
  public Facts addTimes(List<VerificationTime> times) {
    addList("time", times.stream().map(VerificationTime::toString).toList());
    VerificationTime.provedUntil(times)
        .ifPresent(end -> add("proved until", end.truncatedTo(ChronoUnit.SECONDS).toString()));
    return this;
  }

  /**
   * Adds the number and size of the hashed files, and the parameters of hashing.
   *
   * @param files the number of files
   * @param bytes their total length in bytes
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

  /** Adds the entries that the signature does not cover, with the rule that allows each. */
  public Facts addUncovered(List<UncoveredEntry> uncovered) {
    return addList(
        "not covered",
        uncovered.isEmpty() ? List.of("nothing") : uncovered.stream().map(Facts::line).toList());
  }

  /** Adds where a model is in a registry, and what refers to it there. */
  Facts addRegistry(RegistryPlace place) {
    add("registry", place.reference());
    add("manifest", place.digest());
    addList(
        "attached",
        place.attached().stream().map(it -> it.digest() + " " + it.predicateType()).toList());
    List<String> others = new ArrayList<>();
    place.otherSignatures().stream()
        .filter(number -> number > 0)
        .forEach(number -> others.add(Amounts.of(number, "other signature")));
    place.otherReferrers().stream()
        .filter(number -> number > 0)
        .forEach(number -> others.add(Amounts.of(number, "other referrer")));
    return others.isEmpty()
        ? this
        : add("not verified", String.join(" and ", others) + " in the registry");
  }

  /** Adds content that can run when the model is loaded, and what its signer states in its card. */
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

  /** The lines for display, with long lists shortened. The caller must escape each line. */
  public List<String> lines() {
    return lines(MOST_LINES);
  }

  /**
   * The lines for display. The caller must escape each line.
   *
   * @param most the largest number of lines of a list; the number of the others follows
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

  /** The first lines of a list, then the number of the others. */
  static List<String> firstOf(List<String> lines, int most) {
    if (lines.size() <= most) {
      return lines;
    }
    List<String> first = new ArrayList<>(lines.subList(0, most));
    first.add("... and " + (lines.size() - most) + " more");
    return first;
  }
}
