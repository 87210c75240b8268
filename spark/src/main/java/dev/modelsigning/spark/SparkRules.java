package dev.modelsigning.spark;

import dev.modelsigning.finding.Rule;
import dev.modelsigning.finding.Severity;
import java.util.List;

/** The rules of findings about models that Spark hashes (docs/findings.md). */
public final class SparkRules {

  /** Executors computed the digests. */
  public static final Rule EXECUTORS_BELIEVED =
      new Rule(
          "EXECUTORS_BELIEVED",
          Severity.NOTE,
          "the files were read and hashed by executors of Spark, which are believed",
          "trust the machines of the cluster as much as this one, or verify on one machine");

  /** What executors say is not encrypted on its way. */
  public static final Rule SPARK_NOT_ENCRYPTED =
      new Rule(
          "SPARK_NOT_ENCRYPTED",
          Severity.WARNING,
          "executors of Spark are authenticated, and what they send is not protected on its way",
          "set spark.network.crypto.enabled=true, unless the network between them is protected");

  private SparkRules() {}

  /** All rules of this module. */
  public static List<Rule> all() {
    return List.of(EXECUTORS_BELIEVED, SPARK_NOT_ENCRYPTED);
  }
}
