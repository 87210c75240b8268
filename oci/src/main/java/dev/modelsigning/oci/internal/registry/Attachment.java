package dev.modelsigning.oci.internal.registry;

import dev.modelsigning.oci.internal.image.Descriptor;
import dev.modelsigning.oci.internal.image.ImageIndex;
import dev.modelsigning.oci.internal.image.ImageManifest;
import dev.modelsigning.oci.internal.image.MediaTypes;
import dev.modelsigning.oci.reference.AttachMode;
import dev.modelsigning.oci.reference.OciDigest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Pushes a referrer, and adds it to the fallback tag where it would not be found otherwise. */
final class Attachment {

  /** How often the tag is written again because another writer was faster. */
  private static final int MAX_ATTEMPTS = 10;

  private static final ImageIndex NO_REFERRERS = new ImageIndex(List.of(), Map.of());

  private final Exchange exchange;
  private final Manifests manifests;
  private final String repository;
  private final Descriptor subject;

  Attachment(Exchange exchange, Manifests manifests, String repository, Descriptor subject) {
    this.exchange = exchange;
    this.manifests = manifests;
    this.repository = repository;
    this.subject = subject;
  }

  OciDigest attach(ImageManifest referrer, AttachMode mode) throws IOException {
    Optional<OciDigest> about = referrer.subject().map(Descriptor::digest);
    if (!about.equals(Optional.of(subject.digest()))) {
      throw new IllegalArgumentException("the referrer is not about " + subject.digest());
    }
    ReferrerList list = new ReferrerList(exchange, manifests, repository, subject.digest());
    // Before anything is pushed, so that a refusal leaves nothing.
    boolean api = hasApi(list, mode);
    byte[] bytes = referrer.toJson();
    String type = referrer.mediaType().orElse(MediaTypes.MANIFEST);
    OciDigest digest = OciDigest.of(bytes);
    boolean listed = manifests.push(repository, digest.toString(), type, bytes);
    if (mode == AttachMode.TAG || !(api || listed)) {
      addToTag(
          list,
          new Descriptor(
              type,
              digest,
              bytes.length,
              referrer.annotations(),
              Optional.of(referrer.effectiveType()),
              Optional.empty()));
    }
    return digest;
  }

  /** Checks what can be checked before there is something to attach. */
  void require(AttachMode mode) throws IOException {
    ReferrerList list = new ReferrerList(exchange, manifests, repository, subject.digest());
    if (!hasApi(list, mode)) {
      requireRoom(list.tagged().orElse(NO_REFERRERS));
    }
  }

  private boolean hasApi(ReferrerList list, AttachMode mode) throws IOException {
    boolean api = mode != AttachMode.TAG && list.hasApi();
    if (mode == AttachMode.REFERRERS && !api) {
      throw new IOException(
          exchange.service(repository, "@", subject.digest())
              + " has no referrers API, so nothing was attached; use --attach tag or auto");
    }
    return api;
  }

  private void addToTag(ReferrerList list, Descriptor referrer) throws IOException {
    for (int attempt = 1; attempt <= MAX_ATTEMPTS; attempt++) {
      ImageIndex index = list.tagged().orElse(NO_REFERRERS);
      if (has(index, referrer)) {
        return;
      }
      requireRoom(index);
      List<Descriptor> all = new ArrayList<>(index.manifests());
      all.add(referrer);
      manifests.push(
          repository,
          ReferrerList.tag(subject.digest()),
          MediaTypes.INDEX,
          new ImageIndex(all, index.annotations()).toJson());
      // There is no way to write it only if it is unchanged: another writer may have been faster,
      // or be slower than this look.
      if (has(list.tagged().orElse(NO_REFERRERS), referrer)) {
        return;
      }
      exchange.client().pauseAfter(attempt, null);
    }
    throw new IOException(
        exchange.service(repository, ":", ReferrerList.tag(subject.digest()))
            + " does not keep the referrer "
            + referrer.digest()
            + ": others write the tag at the same time; attach it again");
  }

  /** Whoever writes the tag again must not remove anything, or list more than is read. */
  private void requireRoom(ImageIndex index) throws IOException {
    if (!index.unusable().isEmpty()) {
      throw new IOException(
          exchange.service(repository, ":", ReferrerList.tag(subject.digest()))
              + " lists what cannot be kept when the tag is written again ("
              + index.unusable().get(0)
              + "); remove it, or use a registry with the referrers API");
    }
    if (index.manifests().size() >= Referrers.MAX) {
      throw new IOException(
          exchange.service(repository, ":", ReferrerList.tag(subject.digest()))
              + " lists "
              + index.manifests().size()
              + " referrers already, and no more than "
              + Referrers.MAX
              + " are read; delete those that are not needed");
    }
  }

  private static boolean has(ImageIndex index, Descriptor referrer) {
    return index.manifests().stream().anyMatch(each -> each.digest().equals(referrer.digest()));
  }
}
