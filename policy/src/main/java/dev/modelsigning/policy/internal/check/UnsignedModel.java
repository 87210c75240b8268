package dev.modelsigning.policy.internal.check;

import dev.modelsigning.attestation.ModelSubject;
import dev.modelsigning.content.ModelContents;
import dev.modelsigning.manifest.Manifest;
import dev.modelsigning.manifest.ManifestVerification;
import dev.modelsigning.manifest.ManifestVerification.Result;
import dev.modelsigning.manifest.ModelHasher;
import dev.modelsigning.manifest.Reading;
import dev.modelsigning.model.ModelSource;
import dev.modelsigning.policy.internal.rules.ForbidRule;
import dev.modelsigning.report.FailureMessage;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A model as it is, whoever signed it: for the digests in the summary of a refusal, and for rules
 * that ask for no signature. It is hashed when that is needed, and once. Instances may be used by
 * several threads.
 */
public final class UnsignedModel {

  private final ModelSource model;
  private final Reading reading;

  // Guarded by this.
  private @Nullable Manifest manifest;

  /**
   * Creates a model that is not hashed yet.
   *
   * @param model where it is
   * @param reading how it is read. Links are not followed unless it says so: nobody signed them, so
   *     they may lead to anything, whose digest would be published in a summary
   * @param leftOut names of files in it that are no part of it: its signatures
   */
  public UnsignedModel(ModelSource model, Reading reading, Collection<String> leftOut) {
    this.model = model;
    Reading how = reading;
    for (String name : leftOut) {
      how = how.ignorePath(name);
    }
    this.reading = how;
  }

  /** Whether a requirement is met, and how, or why not. */
  record Answer(boolean met, String why) {}

  /**
   * The model as the subject of attestations.
   *
   * @param name its name
   * @throws IOException if it cannot be read
   */
  public ModelSubject subject(String name) throws IOException {
    return ModelSubject.of(name, manifest());
  }

  private synchronized Manifest manifest() throws IOException {
    if (manifest == null) {
      manifest = ModelHasher.builder().reading(reading).build().hash(model).manifest();
    }
    return manifest;
  }

  /** Whether it has one of these root digests. */
  Answer pinned(List<String> digests) {
    try {
      String digest = manifest().rootDigest().hex();
      return new Answer(digests.contains(digest), "the root digest is sha256:" + digest);
    } catch (IOException e) {
      return new Answer(false, FailureMessage.of(e));
    }
  }

  /** Whether it has no links. */
  Answer links() {
    try {
      List<String> links = ModelNames.withoutFollowing(model).links();
      return links.isEmpty()
          ? new Answer(true, "met")
          : new Answer(false, "the model has links: " + Differences.few(links));
    } catch (IOException e) {
      return new Answer(false, FailureMessage.of(e));
    }
  }

  /** Whether it has no content of the forbidden kinds. It is read again for that. */
  Answer code(ForbidRule forbid) {
    try {
      Result result =
          ManifestVerification.verify(
              model,
              null,
              manifest(),
              new ManifestVerification.Policy(
                  // What was not read was not searched either.
                  reading.onlyRead(),
                  false,
                  false,
                  false,
                  Optional.of(ModelContents.INSTANCE),
                  Set.of(),
                  Set.of()));
      if (!result.diff().isEmpty()) {
        return new Answer(false, "the model changed while it was read");
      }
      Optional<String> found =
          ForbidCheck.code(
              forbid, result.contents().orElseThrow(), result.findings(), result.uncovered());
      return new Answer(found.isEmpty(), found.orElse("met"));
    } catch (IOException e) {
      return new Answer(false, FailureMessage.of(e));
    }
  }
}
