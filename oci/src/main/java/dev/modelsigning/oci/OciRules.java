package dev.modelsigning.oci;

import dev.modelsigning.finding.Rule;
import dev.modelsigning.finding.Severity;
import java.util.List;

/** The rules of findings about models in registries (docs/findings.md). */
public final class OciRules {

  /** A tag was moved while a model was signed or verified. */
  public static final Rule TAG_MOVED =
      new Rule(
          "TAG_MOVED",
          Severity.WARNING,
          "the tag does not lead to the manifest any more that it led to at the start, or that is not known",
          "use the model by the digest that is reported, or start again with the new one");

  /** A referrer was not used. */
  public static final Rule REFERRER_NOT_USED =
      new Rule(
          "REFERRER_NOT_USED",
          Severity.WARNING,
          "the registry lists a manifest about the model that cannot be used",
          "find out who wrote it; it counts for nothing");

  /** A layer is no file of the model. */
  public static final Rule LAYER_NOT_OF_MODEL =
      new Rule(
          "LAYER_NOT_OF_MODEL",
          Severity.NOTE,
          "a layer describes the model for the program that packed it, and is no file of it",
          "do not rely on it: a signature of the model's files does not cover it");

  /** The registry has a layer, and does not say its size. */
  public static final Rule LAYER_SIZE_NOT_SAID =
      new Rule(
          "LAYER_SIZE_NOT_SAID",
          Severity.NOTE,
          "the registry says that it has layers that were not read, and not how large they are",
          "read them, with --pull, before the model is used");

  /** Something that lies where signatures lie was not attached to a model that was pushed. */
  public static final Rule NOT_ATTACHED =
      new Rule(
          "NOT_ATTACHED",
          Severity.WARNING,
          "a signature or claim in the model or beside it is not about the files that were pushed",
          "sign the model again if it changed; name the right files with --signature and --claims");

  /** No statement about the manifest was signed for cosign. */
  public static final Rule IMAGE_STATEMENT_LEFT_OUT =
      new Rule(
          "IMAGE_STATEMENT_LEFT_OUT",
          Severity.NOTE,
          "no statement about the manifest was attached for cosign, which cannot read ML-DSA",
          "nothing to do if cosign is not used; else sign with an elliptic-curve key, too (--also)");

  private OciRules() {}

  /** All rules of this module. */
  public static List<Rule> all() {
    return List.of(
        TAG_MOVED,
        REFERRER_NOT_USED,
        LAYER_NOT_OF_MODEL,
        LAYER_SIZE_NOT_SAID,
        NOT_ATTACHED,
        IMAGE_STATEMENT_LEFT_OUT);
  }
}
