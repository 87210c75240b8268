package dev.modelsigning.oci;

import dev.modelsigning.finding.Finding;
import dev.modelsigning.internal.json.Printable;
import dev.modelsigning.internal.tar.TarEntry;
import dev.modelsigning.local.LocalDigester;
import dev.modelsigning.model.Evidence;
import dev.modelsigning.model.HashAlgorithm;
import dev.modelsigning.model.HashOutcome;
import dev.modelsigning.model.HashOutcome.Hashed;
import dev.modelsigning.model.Hashing;
import dev.modelsigning.model.Listing;
import dev.modelsigning.model.ModelSource;
import dev.modelsigning.model.Selection;
import dev.modelsigning.oci.internal.image.Descriptor;
import dev.modelsigning.oci.internal.image.ImageIndex;
import dev.modelsigning.oci.internal.image.ImageManifest;
import dev.modelsigning.oci.internal.image.MalformedImageException;
import dev.modelsigning.oci.internal.layer.KitOpsConfig;
import dev.modelsigning.oci.internal.layer.LayerArchive;
import dev.modelsigning.oci.internal.layer.LayerFile;
import dev.modelsigning.oci.internal.layer.LayerForm;
import dev.modelsigning.oci.internal.layer.LayerPresence;
import dev.modelsigning.oci.internal.layer.LayerStreams;
import dev.modelsigning.oci.internal.layer.ModelLayer;
import dev.modelsigning.oci.internal.layer.ModelLayers;
import dev.modelsigning.oci.internal.layer.SpooledArchive;
import dev.modelsigning.oci.internal.layer.UnusableLayerException;
import dev.modelsigning.oci.internal.registry.Registry;
import dev.modelsigning.oci.internal.registry.RegistrySettings;
import dev.modelsigning.oci.internal.registry.StoredManifest;
import dev.modelsigning.oci.reference.OciDigest;
import dev.modelsigning.oci.reference.OciReference;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A model in a registry, by the digest of its manifest. The tag of a reference is resolved once,
 * when the model is opened; nothing is read by tag after that.
 *
 * <p>A layer that is a file has the digest of that file, so it need not be read to be signed or
 * compared ({@link Evidence#CONTENT_ADDRESSED}). A layer that is an archive is streamed, and its
 * files are hashed on the way. The config and other parts of the manifest are no files of the
 * model.
 */
public final class OciModel implements ModelSource, AutoCloseable {

  /** The number of manifests of an index that a message names. */
  private static final int MAX_SHOWN = 20;

  /** What becomes of layers whose digests are known. */
  private enum Use {
    /** Nothing but their descriptors is used. */
    LISTED,
    /** The registry is asked whether it has them. */
    ASKED,
    /** They are read. */
    READ
  }

  private final Registry registry;
  private final OciReference reference;
  private final StoredManifest manifest;
  private final List<ModelLayer> layers;
  private final LayerPresence presence;
  private final Use use;
  private final Path temporary;
  private final long mostBytes;
  private final AnswerBudget.Share share;
  private final List<SpooledArchive> spools = new ArrayList<>();

  private OciModel(
      Registry registry,
      OciReference reference,
      StoredManifest manifest,
      List<ModelLayer> layers,
      LayerPresence presence,
      Use use,
      Path temporary,
      long mostBytes,
      AnswerBudget.Share share) {
    this.registry = registry;
    this.reference = reference;
    this.manifest = manifest;
    this.layers = layers;
    this.presence = presence;
    this.use = use;
    this.temporary = temporary;
    this.mostBytes = mostBytes;
    this.share = share;
  }

  /**
   * Opens a model: fetches its manifest, and nothing else.
   *
   * @param reference the name of the model
   * @param environment the variables that say where credentials are, such as {@code DOCKER_CONFIG}
   * @throws IOException if there is none, it cannot be fetched, or it cannot be a model; the
   *     message names the reference and the digest
   */
  public static OciModel open(OciReference reference, Map<String, String> environment)
      throws IOException {
    return open(Registry.of(reference, RegistrySettings.of(environment)), reference);
  }

  /**
   * Opens a model: fetches its manifest, and nothing else.
   *
   * @param reference the name of the model
   * @param access how the registry is asked
   * @param limit within which this, and all that is asked about the model later, must be answered
   * @throws IOException if there is none, it cannot be fetched in time, or it cannot be a model;
   *     the message names the reference and the digest
   */
  public static OciModel open(OciReference reference, RegistryAccess access, Duration limit)
      throws IOException {
    AnswerBudget.Share share = access.budget().share(limit);
    boolean opened = false;
    try {
      OciModel model =
          open(
              access.registry(reference).within(limit),
              reference,
              access.budget().mostBytes(),
              share);
      opened = true;
      return model;
    } finally {
      if (!opened) {
        share.close();
      }
    }
  }

  static OciModel open(Registry registry, OciReference reference) throws IOException {
    return open(registry, reference, OciReferrers.MAX_BYTES, AnswerBudget.Share.unlimited());
  }

  private static OciModel open(
      Registry registry, OciReference reference, long mostBytes, AnswerBudget.Share share)
      throws IOException {
    StoredManifest manifest = registry.resolve(reference);
    share.keep(manifest.bytes().length);
    OciReference pinned = reference.at(manifest.digest());
    try {
      if (manifest.isIndex()) {
        throw new UnusableLayerException(manifests(pinned, ImageIndex.read(manifest.bytes())));
      }
      ImageManifest content = ImageManifest.read(manifest.bytes());
      List<ModelLayer> layers = ModelLayers.of(content);
      if (KitOpsConfig.isNeeded(content)) {
        KitOpsConfig.require(
            content,
            registry.blob(reference.repository(), content.config(), KitOpsConfig.MAX_LENGTH));
      }
      return new OciModel(
          registry,
          reference,
          manifest,
          layers,
          new LayerPresence(registry, pinned),
          Use.ASKED,
          Path.of(System.getProperty("java.io.tmpdir")),
          mostBytes,
          share);
    } catch (MalformedImageException | UnusableLayerException e) {
      String asked = reference.tag().map(tag -> " (the tag " + tag + ")").orElse("");
      throw new IOException(pinned + asked + ": " + e.getMessage(), e);
    }
  }

  private static String manifests(OciReference index, ImageIndex content) {
    if (content.manifests().isEmpty()) {
      return "it is an index without manifests, so there is no model in it; push the model again, or"
          + " name another tag";
    }
    StringBuilder text =
        new StringBuilder("it is an index of manifests, not one model; name one of them:");
    content.manifests().stream()
        .limit(MAX_SHOWN)
        .forEach(manifest ->
            text.append("\n  ")
                .append(index.at(manifest.digest()))
                .append(" (")
                .append(kind(manifest))
                .append(')'));
    int more = content.manifests().size() - MAX_SHOWN;
    return text + (more > 0 ? "\n  and " + more + " more" : "");
  }

  /** What distinguishes a manifest in an index for people. */
  private static String kind(Descriptor manifest) {
    return manifest
        .platform()
        .or(manifest::artifactType)
        .map(Printable::brief)
        .orElse("no platform is said");
  }

  /** Returns the same model, all layers of which are read to be hashed. */
  public OciModel reading() {
    return with(Use.READ, temporary);
  }

  /**
   * Returns the same model, for whose layers the registry is not even asked: for whoever reads them
   * next.
   */
  public OciModel listed() {
    return with(Use.LISTED, temporary);
  }

  /**
   * Returns the model as one of which nothing is ever read: for whoever decides by the manifest and
   * what refers to it. The registry is not asked for layers. Listing it fails if a layer is an
   * archive, and hashing it if other digests are wanted than those of the layers.
   */
  public ModelSource unread() {
    return new UnreadModel(this, List.copyOf(layers));
  }

  private OciModel with(Use other, Path directory) {
    return new OciModel(
        registry, reference, manifest, layers, presence, other, directory, mostBytes, share);
  }

  /**
   * Returns the same model with another directory for temporary files. What is unpacked of archives
   * is kept there until the model is closed, if files are read in any order, as for a copy.
   */
  public OciModel temporary(Path directory) {
    return with(use, directory);
  }

  /** The reference by which the model was opened. */
  public OciReference reference() {
    return reference;
  }

  /** The digest of the manifest, computed from its bytes. */
  public OciDigest digest() {
    return manifest.digest();
  }

  /** The reference with the digest of the manifest. */
  public OciReference pinned() {
    return reference.at(manifest.digest());
  }

  /**
   * Looks whether the tag of the reference is still where it was. It never fails: what was signed
   * or verified until then is the manifest with the digest, wherever the tag is.
   *
   * @return a finding if the tag moved, or that is not known; empty otherwise, and if there is no
   *     tag or a digest beside it
   */
  public Optional<Finding> movedTag() {
    if (reference.tag().isEmpty() || reference.digest().isPresent()) {
      return Optional.empty();
    }
    try {
      Optional<OciDigest> now = registry.tagDigest(reference);
      return now.filter(digest()::equals).isPresent()
          ? Optional.empty()
          : Optional.of(moved(now.map(it -> "is " + it + " now").orElse("is not there any more")));
    } catch (IOException e) {
      return Optional.of(moved("where it is now is not known: " + e.getMessage()));
    }
  }

  private Finding moved(String where) {
    return Finding.of(
        OciRules.TAG_MOVED,
        reference
            + " was "
            + digest()
            + ", and "
            + where
            + "; use the model by its digest, "
            + pinned());
  }

  /** Whether it has archives, whose files are known only when they were read. */
  public boolean hasArchives() {
    return layers.stream().anyMatch(layer -> layer.form() != LayerForm.FILE);
  }

  /** The signatures and attestations that refer to the model. */
  public OciReferrers referrers() {
    return new OciReferrers(registry, pinned(), manifest, mostBytes, share);
  }

  /** The last part of the repository, as that of a directory's path. */
  @Override
  public String name() {
    String repository = reference.repository();
    return repository.substring(repository.lastIndexOf('/') + 1);
  }

  @Override
  public String location() {
    return reference.toString();
  }

  @Override
  public void list(Selection selection, Optional<Hashing> hashing, Listing listing)
      throws IOException {
    for (Finding finding : notOfModel()) {
      listing.finding(finding);
    }
    List<LayerFile> unread = new ArrayList<>();
    List<ModelLayer> theirs = new ArrayList<>();
    for (ModelLayer layer : layers) {
      if (layer.form() == LayerForm.FILE) {
        LayerFile file = file(layer, hashing);
        if (!listing.wants(file)) {
          continue;
        }
        if (isRead(hashing)) {
          listing.file(file);
        } else {
          unread.add(file);
          theirs.add(layer);
        }
      } else if (hashing.isPresent()) {
        listArchive(layer, hashing.get(), listing);
      } else {
        listSpooled(layer, listing);
      }
    }
    if (hashing.isPresent() && !unread.isEmpty()) {
      if (use == Use.ASKED) {
        requirePresent(theirs, listing);
      }
      for (int i = 0; i < unread.size(); i++) {
        hashing.get().progress().hashed(unread.get(i).size());
        hashing.get().progress().finished(1);
        byte[] digest = theirs.get(i).blob().digest().bytes();
        listing.hashed(new Hashed(unread.get(i), List.of(digest), Evidence.CONTENT_ADDRESSED));
      }
    }
  }

  /** The layers that are no files of the model. */
  List<Finding> notOfModel() throws IOException {
    return ImageManifest.read(manifest.bytes()).layers().stream()
        .filter(ModelLayers::isDescription)
        .map(blob ->
            Finding.of(
                OciRules.LAYER_NOT_OF_MODEL,
                pinned() + ": the layer " + blob.digest() + " is no file of the model"))
        .toList();
  }

  /** A digest that is signed must not be that of a file which is nowhere. */
  private void requirePresent(List<ModelLayer> unread, Listing listing) throws IOException {
    List<ModelLayer> withoutSize = presence.require(unread);
    if (!withoutSize.isEmpty()) {
      listing.finding(
          Finding.of(
              OciRules.LAYER_SIZE_NOT_SAID,
              pinned()
                  + ": the registry has "
                  + withoutSize.size()
                  + " of the layers that were not read, and does not say their sizes; the first is "
                  + withoutSize.get(0).blob().digest()));
    }
  }

  private LayerStreams streams(ModelLayer layer) {
    return new LayerStreams(registry, pinned(), layer);
  }

  private String location(String file) {
    return pinned() + " " + Printable.escape(file);
  }

  private LayerFile file(ModelLayer layer, Optional<Hashing> hashing) {
    LayerStreams streams = streams(layer);
    // Digests that are compared with what was signed prove the bytes; others are made from them.
    return new LayerFile(
        layer.name(),
        location(layer.name()),
        layer.blob().size(),
        layer.blob().digest(),
        hashing.isPresent() && isRead(hashing) ? streams::openChecked : streams::open);
  }

  /** Whether files are read that are layers. */
  private boolean isRead(Optional<Hashing> hashing) {
    return use == Use.READ || hashing.isEmpty() || !isOwnDigest(hashing.get());
  }

  /** Whether the digest of a layer is the one that is wanted. */
  private static boolean isOwnDigest(Hashing hashing) {
    return hashing.algorithm() == HashAlgorithm.SHA256 && hashing.shardSize().isEmpty();
  }

  /** Hashes the files of an archive while it is read. */
  private void listArchive(ModelLayer layer, Hashing hashing, Listing listing) throws IOException {
    Hashing alone =
        new Hashing(
            hashing.algorithm(), hashing.shardSize(), 1, hashing.progress(), hashing.contents());
    try (LayerArchive archive = streams(layer).archive()) {
      Optional<TarEntry> entry = archive.next();
      while (entry.isPresent()) {
        LayerFile file =
            new LayerFile(
                entry.get().name(),
                location(entry.get().name()),
                entry.get().size(),
                layer.blob().digest(),
                (from, to) -> archive.channel());
        if (listing.wants(file)) {
          Outcome outcome = new Outcome();
          LocalDigester.INSTANCE.digest(List.of(file), alone, outcome::take);
          listing.hashed(outcome.hashed());
        }
        entry = archive.next();
      }
    }
  }

  /** The outcome for one file. */
  private static final class Outcome {
    private @Nullable HashOutcome outcome;

    synchronized void take(HashOutcome found) {
      outcome = found;
    }

    synchronized Hashed hashed() throws IOException {
      if (outcome instanceof HashOutcome.Failed failed) {
        throw failed.failure();
      }
      if (outcome instanceof Hashed hashed) {
        return hashed;
      }
      throw new IllegalStateException("a digester reports each file");
    }
  }

  /** Hands out files that can be read in any order, from a temporary file with the archive. */
  private void listSpooled(ModelLayer layer, Listing listing) throws IOException {
    SpooledArchive spool;
    try (LayerArchive archive = streams(layer).archive()) {
      spool = SpooledArchive.of(archive, temporary);
    }
    synchronized (spools) {
      spools.add(spool);
    }
    for (SpooledArchive.Entry entry : spool.entries()) {
      LayerFile file =
          new LayerFile(
              entry.name(),
              location(entry.name()),
              entry.size(),
              layer.blob().digest(),
              (from, to) -> spool.open(entry, from, to));
      if (listing.wants(file)) {
        listing.file(file);
      }
    }
  }

  /** Deletes temporary files, and gives the memory to others. */
  @Override
  public void close() throws IOException {
    share.close();
    synchronized (spools) {
      for (SpooledArchive spool : spools) {
        spool.close();
      }
      spools.clear();
    }
  }
}
