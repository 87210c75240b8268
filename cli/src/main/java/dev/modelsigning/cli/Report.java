package dev.modelsigning.cli;

import dev.modelsigning.manifest.Manifest;
import dev.modelsigning.manifest.Serialization;
import dev.modelsigning.manifest.UncoveredEntry;
import dev.modelsigning.signing.SignerIdentity;
import dev.modelsigning.signing.VerificationTime;
import java.util.ArrayList;
import java.util.List;

/** An aligned list of facts, one a line. */
final class Report {

  private static final int LABEL_WIDTH = 13;

  private final List<String> lines = new ArrayList<>();

  Report add(String label, String value) {
    lines.add("  " + label + " ".repeat(Math.max(0, LABEL_WIDTH - label.length())) + value);
    return this;
  }

  /** Who signed, and what there is to know about the signer. */
  Report addSigner(SignerIdentity signer) {
    add("signer", signer.method() + " " + signer.name());
    SignerFields.of(signer).forEach((name, value) -> add(words(name), value));
    return this;
  }

  /** A name in camel case as words, such as {@code not before}. */
  private static String words(String name) {
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

  /** The times that verification went by. */
  Report addTimes(List<VerificationTime> times) {
    return addList("time", times.stream().map(VerificationTime::toString).toList());
  }

  /** A fact of several lines, cut if they are many; none if there is none. */
  Report addList(String label, List<String> values) {
    List<String> shown = Output.firstOf(values);
    for (int i = 0; i < shown.size(); i++) {
      add(i == 0 ? label : "", shown.get(i));
    }
    return this;
  }

  /** How many files of what size, hashed how. */
  Report addFiles(Manifest manifest, long files, long bytes) {
    Serialization serialization = manifest.serialization();
    String how = serialization.hashAlgorithm().id();
    if (serialization instanceof Serialization.Shards shards) {
      how += " in shards of " + count(shards.shardSize(), "byte");
    }
    return add("files", count(files, "file") + ", " + size(bytes) + ", " + how)
        .add("digest", manifest.rootDigest().toString());
  }

  /** What the signature does not cover, and why. */
  Report addUncovered(List<UncoveredEntry> uncovered) {
    return addList(
        "not covered",
        uncovered.isEmpty() ? List.of("nothing") : uncovered.stream().map(Report::line).toList());
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

  void print(Output output) {
    lines.forEach(output::info);
  }

  static String count(long number, String singular) {
    return grouped(number) + " " + singular + (number == 1 ? "" : "s");
  }

  /** A number with commas. A format string would first load the symbols of a locale. */
  private static String grouped(long number) {
    StringBuilder digits = new StringBuilder(Long.toString(number));
    for (int i = digits.length() - 3; i > 0; i -= 3) {
      digits.insert(i, ',');
    }
    return digits.toString();
  }

  /** A number of bytes with a decimal unit, such as {@code 22.9 MB}. */
  static String size(long bytes) {
    String[] units = {"kB", "MB", "GB", "TB", "PB", "EB"};
    if (bytes < 1000) {
      return count(bytes, "byte");
    }
    double value = bytes;
    int unit = -1;
    while (value >= 999.95 && unit < units.length - 1) {
      value /= 1000;
      unit++;
    }
    long tenths = Math.round(value * 10);
    return tenths / 10 + "." + tenths % 10 + " " + units[unit];
  }
}
