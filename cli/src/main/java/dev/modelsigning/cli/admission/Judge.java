package dev.modelsigning.cli.admission;

import dev.modelsigning.oci.reference.OciReference;
import java.time.Duration;

/** Decides about models. Thread-safe. */
public interface Judge {

  /** By what it decides now: judgements by something else are not used again. */
  String version();

  /**
   * Decides about a model.
   *
   * @param model a model in a registry that may be asked, by its digest
   * @param limit within which it has to decide; later it may be interrupted
   */
  Judgement judge(OciReference model, Duration limit);
}
