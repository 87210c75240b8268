package dev.modelsigning.statement;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The name by which a part of a model is signed, if the model is signed in parts. A signature of a
 * part lists few files, and nothing else in it says that there are more: without a name of its own,
 * it would be the signature of a model from which all other files were removed.
 *
 * @param model the name of the model
 * @param number the number of the part, from 1
 * @param parts how many parts there are
 */
public record PartName(String model, int number, int parts) {

  private static final Pattern FORM =
      Pattern.compile(
          "(?<model>.+)\\.split-part-(?<number>[0-9]{1,9})-of-(?<parts>[0-9]{1,9})",
          Pattern.DOTALL);

  /** Reads a name; empty if it is not that of a part. */
  public static Optional<PartName> of(String name) {
    Matcher found = FORM.matcher(name);
    return found.matches()
        ? Optional.of(
            new PartName(
                found.group("model"),
                Integer.parseInt(found.group("number")),
                Integer.parseInt(found.group("parts"))))
        : Optional.empty();
  }

  /** The name in the statement. */
  @Override
  public String toString() {
    return String.format(Locale.ROOT, "%s.split-part-%05d-of-%05d", model, number, parts);
  }
}
