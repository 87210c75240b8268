package dev.modelsigning.cli.registry;

import dev.modelsigning.finding.Finding;
import dev.modelsigning.model.RegistryPlace.Attached;
import dev.modelsigning.oci.OciReferrers;
import dev.modelsigning.oci.OciRules;
import dev.modelsigning.oci.reference.AttachMode;
import dev.modelsigning.signing.SignedPayload;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Attaches what was signed together. If that fails, the message says what became of it: nothing is
 * kept in a file that looks as if all had gone well.
 */
public final class SignedAttachments {

  private final OciReferrers referrers;
  private final AttachMode mode;
  private final Optional<Path> file;
  private final List<Attached> attached = new ArrayList<>();

  /**
   * Creates what attaches to a model.
   *
   * @param file the file that is written after all is attached, if there is one
   */
  public SignedAttachments(OciReferrers referrers, AttachMode mode, Optional<Path> file) {
    this.referrers = referrers;
    this.mode = mode;
    this.file = file;
  }

  /** Attaches one, after those before. */
  public void attach(SignedPayload signed, String predicateType) throws IOException {
    try {
      String digest = referrers.attach(signed.bundle(), predicateType, mode).toString();
      attached.add(new Attached(digest, predicateType));
    } catch (InterruptedIOException e) {
      throw e;
    } catch (IOException e) {
      throw new IOException(e.getMessage() + "; " + remains(), e);
    }
  }

  private String remains() {
    StringBuilder text = new StringBuilder();
    if (attached.isEmpty()) {
      text.append("what was signed was attached to nothing, and is not kept");
    } else {
      text.append("what was signed before is attached, and counts: ")
          .append(String.join(", ", attached.stream().map(Attached::digest).toList()));
    }
    file.ifPresent(path -> text.append("; ").append(path).append(" was not written"));
    return text + "; begin again when the registry takes it";
  }

  /** What was attached. */
  public List<Attached> attached() {
    return List.copyOf(attached);
  }

  /**
   * That there is no statement about the manifest, for a key whose signatures cosign cannot read.
   */
  public static Finding withoutImageStatement(OciReferrers referrers) {
    return Finding.of(
        OciRules.IMAGE_STATEMENT_LEFT_OUT,
        referrers.pinned()
            + ": no statement about the manifest was attached for 'cosign verify', which cannot read"
            + " signatures with ML-DSA");
  }
}
