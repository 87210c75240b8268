package dev.modelsigning.oci;

import dev.modelsigning.bundle.MalformedBundleException;
import dev.modelsigning.finding.Finding;
import dev.modelsigning.local.DirectorySource;
import dev.modelsigning.manifest.HashedModel;
import dev.modelsigning.manifest.Manifest;
import dev.modelsigning.manifest.ModelHasher;
import dev.modelsigning.manifest.Reading;
import dev.modelsigning.manifest.Serialization;
import dev.modelsigning.model.HashProgress;
import dev.modelsigning.oci.PushedModel.Attached;
import dev.modelsigning.oci.PushedModel.Blobs;
import dev.modelsigning.oci.internal.image.MediaTypes;
import dev.modelsigning.oci.internal.push.BlobPush;
import dev.modelsigning.oci.internal.push.BundleFiles;
import dev.modelsigning.oci.internal.push.KeptFiles;
import dev.modelsigning.oci.internal.push.ModelPack;
import dev.modelsigning.oci.internal.push.PushedBundle;
import dev.modelsigning.oci.internal.push.SignedFiles;
import dev.modelsigning.oci.internal.registry.Referrers;
import dev.modelsigning.oci.internal.registry.Registry;
import dev.modelsigning.oci.internal.registry.RegistrySettings;
import dev.modelsigning.oci.internal.registry.StoredManifest;
import dev.modelsigning.oci.reference.AttachMode;
import dev.modelsigning.oci.reference.OciDigest;
import dev.modelsigning.oci.reference.OciReference;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Pushes a directory to a registry as the CNCF's ModelPack specification has it, with a layer for
 * each file as it is, so that its digest is that of the file. Pushing signs nothing; signatures and
 * claims that are at hand are attached, unverified, if they are about exactly these files.
 *
 * <p>The tag is written last. Whenever pushing ends before its time, the tag leads to where it led
 * before, or to the whole model with all that is attached to it.
 *
 * @param target where to; with a tag, and no digest
 * @param reading how the directory is read; links are always refused. Its number of threads is also
 *     that of the files that are pushed at once
 * @param signatures the signatures to attach; if there are none, {@code model.sig} in the directory
 *     and beside it
 * @param claims the claims file whose claims to attach; if there is none, {@code claims.jsonl} in
 *     the directory and beside it
 * @param mode how what is attached is found
 * @param progress receives the numbers of bytes that are pushed
 */
public record OciPush(
    OciReference target,
    Reading reading,
    List<Path> signatures,
    Optional<Path> claims,
    AttachMode mode,
    HashProgress progress) {

  /**
   * Copies the list.
   *
   * @throws IllegalArgumentException if the target has no tag, or a digest
   */
  public OciPush {
    signatures = List.copyOf(signatures);
    if (target.tag().isEmpty() || target.digest().isPresent()) {
      throw new IllegalArgumentException(
          "a model is pushed to a tag, and its digest comes from its files; expected"
              + " oci://HOST[:PORT]/REPOSITORY:TAG, found "
              + target);
    }
  }

  /** Pushes to a tag, with default settings. */
  public static OciPush to(OciReference target) {
    return new OciPush(
        target,
        Reading.withDefaults(),
        List.of(),
        Optional.empty(),
        AttachMode.AUTO,
        HashProgress.NONE);
  }

  /** Returns the same with other settings for reading the directory. */
  public OciPush withReading(Reading other) {
    return new OciPush(target, other, signatures, claims, mode, progress);
  }

  /** Returns the same with these signatures to attach. */
  public OciPush withSignatures(List<Path> files) {
    return new OciPush(target, reading, files, claims, mode, progress);
  }

  /** Returns the same with a claims file. */
  public OciPush withClaims(Path file) {
    return new OciPush(target, reading, signatures, Optional.of(file), mode, progress);
  }

  /** Returns the same, attaching in another way. */
  public OciPush withAttachMode(AttachMode other) {
    return new OciPush(target, reading, signatures, claims, other, progress);
  }

  /** Returns the same with a listener. */
  public OciPush withProgress(HashProgress listener) {
    return new OciPush(target, reading, signatures, claims, mode, listener);
  }

  /**
   * Pushes a model.
   *
   * @param directory the model
   * @param environment the variables that say where credentials are, such as {@code DOCKER_CONFIG}
   * @throws IOException if the directory has something that cannot be pushed, such as a link, or
   *     changes meanwhile; a signature or claims file, named or where it lies by convention, is not
   *     about its files; or the registry refuses something. The tag is left as it was, but where
   *     the message is about it
   * @throws MalformedBundleException if a signature or claims file that was named is none
   */
  public PushedModel push(Path directory, Map<String, String> environment)
      throws IOException, MalformedBundleException {
    return push(directory, Registry.of(target, RegistrySettings.of(environment)));
  }

  PushedModel push(Path directory, Registry registry) throws IOException, MalformedBundleException {
    requireDirectory(directory);
    KeptFiles files = new KeptFiles(directory);
    BundleFiles bundles = BundleFiles.read(directory, files, signatures, claims);
    Reading all = reading.allowSymlinks(false);
    for (String name : bundles.leftOut()) {
      all = all.ignorePath(name);
    }
    Reading how = all;
    HashedModel hashed = hash(files, how);
    ModelPack pack = ModelPack.of(hashed.manifest(), files);
    StoredManifest manifest = stored(pack);
    List<PushedBundle> attached =
        bundles.about(
            hashed,
            new SignedFiles(hashed.manifest(), like -> hash(directory, how, like)),
            manifest.digest());

    String repository = target.repository();
    BlobPush blobs = new BlobPush(registry, repository, progress);
    blobs.push(pack, files, reading.parallelism());
    files.requireUnchanged();
    registry.pushManifest(
        repository, manifest.digest().toString(), manifest.mediaType(), manifest.bytes());
    List<Attached> referrers =
        attach(new OciReferrers(registry, target.at(manifest.digest()), manifest), attached);
    registry.pushManifest(
        repository, target.tag().orElseThrow(), manifest.mediaType(), manifest.bytes());
    return new PushedModel(
        target,
        manifest.digest(),
        without(hashed, bundles),
        pack.manifest().layers().size(),
        new Blobs(blobs.pushed(), blobs.pushedBytes()),
        new Blobs(blobs.skipped(), blobs.skippedBytes()),
        referrers,
        findings(hashed, bundles));
  }

  private static void requireDirectory(Path directory) throws IOException {
    if (!Files.exists(directory)) {
      throw new NoSuchFileException(directory.toString());
    }
    if (!Files.isDirectory(directory)) {
      throw new FileSystemException(
          directory.toString(), null, "is no directory; push the directory that it is in");
    }
  }

  private static HashedModel hash(KeptFiles files, Reading reading) throws IOException {
    try {
      return ModelHasher.builder().reading(reading).build().hash(files);
    } catch (FileSystemException e) {
      if (!files.isLink(String.valueOf(e.getFile()))) {
        throw e;
      }
      FileSystemException link =
          new FileSystemException(
              e.getFile(),
              null,
              "is a symbolic link, which a registry cannot hold: put the file that it leads to in its"
                  + " place, or leave it out with --ignore-paths");
      link.initCause(e);
      throw link;
    }
  }

  private static StoredManifest stored(ModelPack pack) {
    byte[] bytes = pack.manifest().toJson();
    return new StoredManifest(bytes, OciDigest.of(bytes), MediaTypes.MANIFEST, Optional.empty());
  }

  /** Hashes the same files as a signer did who chose other parameters. */
  private static Manifest hash(Path directory, Reading reading, Serialization like)
      throws IOException {
    ModelHasher.Builder hasher =
        ModelHasher.builder().hashAlgorithm(like.hashAlgorithm()).reading(reading);
    if (like instanceof Serialization.Shards shards) {
      hasher.shardSize(shards.shardSize());
    }
    return hasher.build().hash(DirectorySource.of(directory)).manifest();
  }

  private List<Attached> attach(OciReferrers referrers, List<PushedBundle> bundles)
      throws IOException {
    if (bundles.isEmpty()) {
      return List.of();
    }
    Set<OciDigest> there = referrers.contents();
    if (there.size() + bundles.size() > Referrers.MAX) {
      throw new IOException(
          referrers.pinned()
              + " would have more than "
              + Referrers.MAX
              + " signatures and claims, which nobody reads; the tag was left as it was, push with"
              + " fewer claims");
    }
    Map<OciDigest, Attached> attached = new LinkedHashMap<>();
    for (PushedBundle bundle : bundles) {
      OciDigest digest = OciDigest.of(bundle.bundle().toJson().toArray());
      if (attached.containsKey(digest)) {
        continue; // the same in two files
      }
      Optional<OciDigest> manifest =
          there.contains(digest)
              ? Optional.empty()
              : Optional.of(referrers.attach(bundle.bundle(), bundle.predicateType(), mode));
      attached.put(digest, new Attached(digest, bundle.predicateType(), bundle.source(), manifest));
    }
    return List.copyOf(attached.values());
  }

  /** What was hashed, where signatures and claims that lay in it are not reported as left out. */
  private static HashedModel without(HashedModel hashed, BundleFiles bundles) {
    return new HashedModel(
        hashed.name(),
        hashed.manifest(),
        hashed.files(),
        hashed.bytes(),
        hashed.uncovered().stream()
            .filter(entry -> !bundles.leftOut().contains(entry.name()))
            .toList(),
        hashed.findings());
  }

  private static List<Finding> findings(HashedModel hashed, BundleFiles bundles) {
    List<Finding> findings = new ArrayList<>(hashed.findings());
    bundles.remarks().forEach(why -> findings.add(Finding.of(OciRules.NOT_ATTACHED, why)));
    return findings;
  }
}
