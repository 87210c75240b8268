package dev.modelsigning.oci;

import dev.modelsigning.bundle.Bundle;
import dev.modelsigning.bundle.MalformedBundleException;
import dev.modelsigning.bundle.Payload;
import dev.modelsigning.bundle.StoredBundle;
import dev.modelsigning.finding.Finding;
import dev.modelsigning.inspection.Inspection;
import dev.modelsigning.inspection.KeylessClaims;
import dev.modelsigning.inspection.SignerClaims;
import dev.modelsigning.oci.internal.image.Descriptor;
import dev.modelsigning.oci.internal.image.ImageManifest;
import dev.modelsigning.oci.internal.image.MalformedImageException;
import dev.modelsigning.oci.internal.image.MediaTypes;
import dev.modelsigning.oci.internal.registry.BlobContent;
import dev.modelsigning.oci.internal.registry.Referrers;
import dev.modelsigning.oci.internal.registry.Registry;
import dev.modelsigning.oci.internal.registry.RegistrySettings;
import dev.modelsigning.oci.internal.registry.StoredManifest;
import dev.modelsigning.oci.reference.AttachMode;
import dev.modelsigning.oci.reference.OciDigest;
import dev.modelsigning.oci.reference.OciReference;
import dev.modelsigning.statement.Predicate;
import dev.modelsigning.statement.Statement;
import dev.modelsigning.statement.Subject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Signatures and attestations of a model in a registry: manifests that refer to its manifest (OCI
 * distribution specification, "Listing Referrers"), each with one Sigstore bundle, as cosign writes
 * and reads them.
 */
public final class OciReferrers {

  /** The predicate type of a statement about a manifest itself, as cosign has it. */
  public static final String IMAGE_STATEMENT_TYPE = "https://sigstore.dev/cosign/sign/v1";

  /** The media type of the layer with a bundle, and of the artifact. */
  static final String BUNDLE_TYPE = "application/vnd.dev.sigstore.bundle.v0.3+json";

  /** What media types of bundles of all versions start with. */
  private static final String BUNDLES = "application/vnd.dev.sigstore.bundle";

  private static final String CREATED = "org.opencontainers.image.created";
  private static final String CONTENT = "dev.sigstore.bundle.content";
  private static final String PREDICATE_TYPE = "dev.sigstore.bundle.predicateType";

  /** The number of bytes of all bundles together that are fetched. */
  static final long MAX_BYTES = 256L * 1024 * 1024;

  /** The number of referrers that cannot be used and are named. */
  private static final int MAX_SHOWN = 10;

  private static final byte[] NO_CONFIG = "{}".getBytes(StandardCharsets.UTF_8);

  private final Registry registry;
  private final OciReference model;
  private final StoredManifest subject;
  private final long mostBytes;
  private final AnswerBudget.Share share;

  OciReferrers(Registry registry, OciReference pinned, StoredManifest subject) {
    this(registry, pinned, subject, MAX_BYTES, AnswerBudget.Share.unlimited());
  }

  OciReferrers(
      Registry registry,
      OciReference pinned,
      StoredManifest subject,
      long mostBytes,
      AnswerBudget.Share share) {
    this.registry = registry;
    this.model = pinned;
    this.subject = subject;
    this.mostBytes = mostBytes;
    this.share = share;
  }

  /**
   * What refers to a manifest that need not be a model.
   *
   * @param reference its name, resolved once
   * @param environment the variables that say where credentials are, such as {@code DOCKER_CONFIG}
   * @throws IOException if there is none, or it cannot be fetched
   */
  public static OciReferrers of(OciReference reference, Map<String, String> environment)
      throws IOException {
    Registry registry = Registry.of(reference, RegistrySettings.of(environment));
    StoredManifest manifest = registry.resolve(reference);
    return new OciReferrers(registry, reference.at(manifest.digest()), manifest);
  }

  /** The reference with the digest of the manifest. */
  public OciReference pinned() {
    return model;
  }

  /** What a bundle is recognized by: the size is part of it, as a wrong one is never fetched. */
  private record Content(OciDigest digest, long size) {}

  /**
   * Fetches the bundles that refer to the model.
   *
   * @throws IOException if the registry cannot be asked, has more than is read, or takes longer
   *     than ten minutes for all of it
   */
  public Attachments find() throws IOException {
    return new OciReferrers(registry.searching(), model, subject, mostBytes, share).findAll();
  }

  private Attachments findAll() throws IOException {
    List<AttachedBundle> bundles = new ArrayList<>();
    List<Finding> findings = new ArrayList<>();
    Map<String, Integer> others = new HashMap<>();
    Set<Content> seen = new HashSet<>();
    long unusable = 0;
    long bytes = 0;
    Referrers listed = registry.referrers(model.repository(), subject.digest());
    for (String notRead : listed.notRead()) {
      unusable++;
      if (unusable <= MAX_SHOWN) {
        findings.add(Finding.of(OciRules.REFERRER_NOT_USED, notRead));
      }
    }
    for (Descriptor found : listed.found()) {
      OciReference place = model.at(found.digest());
      try {
        ImageManifest manifest = open(place);
        Optional<Descriptor> blob = bundle(manifest);
        if (blob.isEmpty()) {
          others.merge(manifest.effectiveType(), 1, Integer::sum);
          continue;
        }
        if (!seen.add(new Content(blob.get().digest(), blob.get().size()))) {
          // Whoever repeats a bundle must not have it fetched and verified each time.
          others.merge(manifest.effectiveType(), 1, Integer::sum);
          continue;
        }
        requireReadable(blob.get(), bytes);
        share.keep(blob.get().size());
        bytes += blob.get().size();
        bundles.add(read(place, manifest, blob.get()));
      } catch (MalformedImageException | MalformedBundleException e) {
        unusable++;
        if (unusable <= MAX_SHOWN) {
          findings.add(unusable(place, e));
        }
      }
    }
    if (unusable > MAX_SHOWN) {
      findings.add(
          Finding.of(
              OciRules.REFERRER_NOT_USED,
              (unusable - MAX_SHOWN) + " more referrers of " + model + " do not count"));
    }
    return new Attachments(bundles, others, findings);
  }

  /**
   * Requires that a bundle can be fetched. Anybody who may push can refer to the model by what is
   * not there, or large, and must not hide the signatures of others by that.
   *
   * @param bytes what was fetched before
   */
  private void requireReadable(Descriptor blob, long bytes) throws IOException {
    if (bytes + blob.size() > mostBytes) {
      throw new MalformedImageException(
          "is not fetched, as all that refers to the model would be larger than "
              + mostBytes
              + " bytes; name the signature file");
    }
    requireBlob(blob);
  }

  private void requireBlob(Descriptor blob) throws IOException {
    try {
      registry.requireBlob(model.repository(), blob);
    } catch (MalformedImageException e) {
      throw new MalformedImageException(
          "its bundle " + blob.digest() + " is not there with " + blob.size() + " bytes", e);
    }
  }

  /**
   * The digests of the bundles that refer to the model, none of which is fetched. What cannot be
   * read is left out: it only means that a bundle is attached again.
   *
   * @throws IOException if the registry cannot be asked, or has more than is read
   */
  Set<OciDigest> contents() throws IOException {
    return new OciReferrers(registry.searching(), model, subject, mostBytes, share).allContents();
  }

  private Set<OciDigest> allContents() throws IOException {
    Set<OciDigest> contents = new HashSet<>();
    for (Descriptor found : registry.referrers(model.repository(), subject.digest()).found()) {
      Optional<Descriptor> blob = readable(model.at(found.digest())).flatMap(OciReferrers::bundle);
      if (blob.isPresent() && isThere(blob.get())) {
        contents.add(blob.get().digest());
      }
    }
    return contents;
  }

  private boolean isThere(Descriptor blob) throws IOException {
    try {
      requireBlob(blob);
      return true;
    } catch (MalformedImageException e) {
      return false;
    }
  }

  /** A manifest, or nothing if it is damaged: then what it should refer to is not attached yet. */
  private Optional<ImageManifest> readable(OciReference place) throws IOException {
    try {
      return Optional.of(open(place));
    } catch (MalformedImageException e) {
      return Optional.empty();
    }
  }

  private static Finding unusable(OciReference place, Exception problem) {
    return Finding.of(
        OciRules.REFERRER_NOT_USED, place + " does not count: " + problem.getMessage());
  }

  /** A registry may list anything; the manifest itself says what it is about. */
  private ImageManifest open(OciReference place) throws IOException {
    byte[] content = registry.resolve(place).bytes();
    share.read(content.length);
    ImageManifest manifest = ImageManifest.read(content);
    OciDigest about = manifest.subject().map(Descriptor::digest).orElse(null);
    if (about == null) {
      throw new MalformedImageException("refers to nothing, expected " + subject.digest());
    }
    if (!about.equals(subject.digest())) {
      throw new MalformedImageException("refers to " + about + ", expected " + subject.digest());
    }
    return manifest;
  }

  private static Optional<Descriptor> bundle(ImageManifest manifest) {
    return manifest.layers().size() == 1 && manifest.layers().get(0).mediaType().startsWith(BUNDLES)
        ? Optional.of(manifest.layers().get(0))
        : Optional.empty();
  }

  private AttachedBundle read(OciReference place, ImageManifest manifest, Descriptor blob)
      throws IOException, MalformedBundleException {
    if (blob.size() > Bundle.MAX_SIZE) {
      throw new MalformedBundleException("bundle: is larger than " + Bundle.MAX_SIZE + " bytes");
    }
    byte[] content = registry.blob(model.repository(), blob, (int) blob.size());
    StoredBundle stored = StoredBundle.of(place.toString(), content);
    // Statements of other programs are not read here; who needs them reads them after verification.
    Inspection inspection = Inspection.of(stored, KeylessClaims.Reader.NONE);
    Optional<Statement> statement = inspection.statement();
    SignerClaims signer = inspection.signer();
    return new AttachedBundle(
        place.digest().orElseThrow(),
        stored,
        statement.map(Statement::predicateType),
        statement.filter(this::isAboutManifest).isPresent(),
        Optional.ofNullable(manifest.annotations().get(CREATED)),
        signer.fingerprint().map(print -> "key " + print).orElseGet(signer::describe));
  }

  private boolean isAboutManifest(Statement statement) {
    String digest = subject.digest().hex();
    return statement.subjects().stream()
        .allMatch(about -> digest.equals(about.digests().get("sha256")));
  }

  /**
   * Attaches a bundle to the model: what is there is whole at every moment.
   *
   * @param bundle the bundle
   * @param predicateType the predicate type of its statement
   * @param mode how it is found
   * @return the digest of the manifest that refers to the model
   * @throws IOException if it cannot be written; the message names the model
   */
  public OciDigest attach(Bundle bundle, String predicateType, AttachMode mode) throws IOException {
    byte[] content = bundle.toJson().toArray();
    Descriptor layer = Descriptor.of(BUNDLE_TYPE, content);
    Descriptor config = Descriptor.of(MediaTypes.EMPTY, NO_CONFIG);
    registry.push(model.repository(), layer, BlobContent.of(content), bytes -> {});
    registry.push(model.repository(), config, BlobContent.of(NO_CONFIG), bytes -> {});
    Map<String, String> annotations = new LinkedHashMap<>();
    annotations.put(CONTENT, "dsse-envelope");
    annotations.put(PREDICATE_TYPE, predicateType);
    annotations.put(CREATED, Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
    return registry.attach(
        model.repository(),
        subjectDescriptor(),
        new ImageManifest(
            Optional.of(MediaTypes.MANIFEST),
            Optional.of(BUNDLE_TYPE),
            config,
            List.of(layer),
            Optional.of(subjectDescriptor()),
            annotations),
        mode);
  }

  private Descriptor subjectDescriptor() {
    return Descriptor.of(subject.mediaType(), subject.digest(), subject.bytes().length);
  }

  /**
   * Checks whether something can be attached, before anything is signed for that: whether the
   * registry has what the mode needs, and lets this user write.
   *
   * @param mode how it will be found
   * @throws IOException if the registry refuses it; the message names the model
   */
  public void requireWritable(AttachMode mode) throws IOException {
    registry.requireAttachable(model.repository(), subjectDescriptor(), mode);
    registry.requireWritable(
        model.repository(), Descriptor.of(MediaTypes.EMPTY, NO_CONFIG), BlobContent.of(NO_CONFIG));
  }

  /**
   * The statement about the manifest itself, which {@code cosign verify} reads: it also binds the
   * order, the names and the media types of layers.
   */
  public Payload imageStatement() {
    return new Statement(
            List.of(imageSubject()), IMAGE_STATEMENT_TYPE, new Predicate.Other(Optional.of("{}")))
        .toPayload();
  }

  /** The manifest as the subject of a statement. */
  public Subject imageSubject() {
    return new Subject(
        model.registry() + "/" + model.repository(), Map.of("sha256", subject.digest().hex()));
  }
}
