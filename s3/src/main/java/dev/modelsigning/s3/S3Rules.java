package dev.modelsigning.s3;

import dev.modelsigning.finding.Rule;
import dev.modelsigning.finding.Severity;
import java.util.List;

/** The rules of findings about models in object stores (docs/findings.md). */
public final class S3Rules {

  /** There are objects that stand for directories. */
  public static final Rule DIRECTORY_OBJECTS =
      new Rule(
          "DIRECTORY_OBJECTS",
          Severity.NOTE,
          "keys that end with / and have no content stand for directories, and are no files of the model",
          "nothing; a copy of the model has no such directory unless a file is in it");

  /** The address of the store was named. */
  public static final Rule STORE_NAMED =
      new Rule(
          "STORE_NAMED",
          Severity.NOTE,
          "the model, its signature or claims were read from a store, or written to it, whose address was given, and not that of the region in AWS",
          "check that this is the store that you mean");

  private S3Rules() {}

  /** All rules of this module. */
  public static List<Rule> all() {
    return List.of(DIRECTORY_OBJECTS, STORE_NAMED);
  }
}
