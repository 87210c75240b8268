package dev.modelsigning.manifest;

import dev.modelsigning.internal.hash.HashFunction;
import dev.modelsigning.internal.json.Printable;
import dev.modelsigning.internal.table.DigestTable;
import dev.modelsigning.internal.table.NameIndex;
import dev.modelsigning.internal.table.NameTable;
import dev.modelsigning.model.Digest;
import dev.modelsigning.model.HashAlgorithm;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.AbstractList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.RandomAccess;
import org.jspecify.annotations.Nullable;

/**
 * The signed list of a model's files with their digests (OMS 5.2): the files or shards, at least
 * one, no name twice.
 *
 * <p>A manifest keeps the order in which it was created, because the root digest is computed in
 * that order. A manifest from {@link ModelHasher} is in canonical order.
 *
 * <p>Names and digests are stored in few arrays, since models have up to a million files. Manifests
 * are immutable.
 */
public final class Manifest {

  /**
   * The name that signers before OMS 1.0 gave to the only resource of a model that is a single
   * file.
   */
  static final String SINGLE_FILE = ".";

  private final Serialization serialization;
  private final NameTable names;
  private final DigestTable digests;

  /** The rows of the tables in the listed order; null if it is the order of the tables. */
  private final int @Nullable [] order;

  private final ListedFiles files;

  /**
   * Copies and checks the resources.
   *
   * @param serialization the parameters with which the files were serialized
   * @param resources the files or shards
   * @throws IllegalArgumentException if there are none, a name occurs twice, the algorithm of a
   *     digest differs from that of the serialization, or shards have gaps or overlap
   */
  public Manifest(Serialization serialization, List<ResourceDescriptor> resources) {
    this(serialization, names(resources), digests(serialization, resources), null);
  }

  /** Takes over tables, which must not be changed afterwards. */
  Manifest(
      Serialization serialization, NameTable names, DigestTable digests, int @Nullable [] order) {
    this.serialization = serialization;
    this.names = names;
    this.digests = digests;
    this.order = order;
    if (names.count() == 0) {
      throw new IllegalArgumentException("a manifest lists at least one resource (OMS 5.2.1)");
    }
    NameIndex index = isInCanonicalOrder() ? null : new NameIndex(names);
    int duplicate = index == null ? firstEqualToTheOneBefore() : index.duplicate();
    if (duplicate >= 0) {
      throw new IllegalArgumentException(
          "the name " + Printable.quote(names.text(duplicate)) + " is listed twice (OMS 5.2.1)");
    }
    this.files =
        serialization instanceof Serialization.Shards shards
            ? ListedFiles.ofShards(names, shards.shardSize())
            : ListedFiles.ofFiles(names);
    if (files.count() > 1 && files.hasSingleFile()) {
      throw new IllegalArgumentException(
          "the name '.' stands for a model of one file and cannot stand beside others");
    }
  }

  private static NameTable names(List<ResourceDescriptor> resources) {
    NameTable names = new NameTable();
    for (ResourceDescriptor resource : resources) {
      byte[] name = resource.name().getBytes(StandardCharsets.UTF_8);
      names.add(name, 0, name.length);
    }
    return names;
  }

  private static DigestTable digests(
      Serialization serialization, List<ResourceDescriptor> resources) {
    DigestTable digests = new DigestTable(serialization.hashAlgorithm().digestLength());
    for (ResourceDescriptor resource : resources) {
      if (resource.digest().algorithm() != serialization.hashAlgorithm()) {
        throw new IllegalArgumentException(
            "the resource "
                + Printable.quote(resource.name())
                + " has a digest by "
                + resource.digest().algorithm()
                + ", the serialization says "
                + serialization.hashAlgorithm()
                + " (OMS 5.2.2)");
      }
      digests.add(resource.digest().toBytes());
    }
    return digests;
  }

  /** The parameters with which the files were serialized. */
  public Serialization serialization() {
    return serialization;
  }

  /** The files or shards; each object is created when it is accessed. */
  public List<ResourceDescriptor> resources() {
    return new Resources();
  }

  /**
   * The resources of a file in ascending order: one, or its shards.
   *
   * @param file its path in the model
   * @return empty if the file is not listed
   */
  public List<ResourceDescriptor> resourcesOf(String file) {
    int number = files.find(file);
    return number < 0
        ? List.of()
        : Arrays.stream(files.rows(number)).mapToObj(this::resource).toList();
  }

  /**
   * The digests of a file in ascending order of its ranges: one, or those of its shards.
   *
   * @param utf8Name its path in the model, in UTF-8
   * @return empty if the file is not listed
   */
  public List<byte[]> digestsOf(byte[] utf8Name) {
    int number = files.find(utf8Name);
    return number < 0
        ? List.of()
        : Arrays.stream(files.rows(number)).mapToObj(digests::get).toList();
  }

  /**
   * Whether a file is listed.
   *
   * @param path its path in the model, compared byte by byte
   */
  public boolean hasFile(String path) {
    return files.hasFile(path);
  }

  /**
   * Whether a file in a directory, or below it, is listed.
   *
   * @param directory its path in the model, compared byte by byte, component by component
   */
  public boolean hasFileBelow(String directory) {
    return files.hasFileBelow(directory);
  }

  /** The paths of the listed files, in any order; each string is created when it is accessed. */
  public List<String> paths() {
    return new Paths();
  }

  private final class Paths extends AbstractList<String> implements RandomAccess {
    @Override
    public String get(int index) {
      return files.path(Objects.checkIndex(index, size()));
    }

    @Override
    public int size() {
      return files.count();
    }
  }

  private final class Resources extends AbstractList<ResourceDescriptor> implements RandomAccess {
    @Override
    public ResourceDescriptor get(int index) {
      Objects.checkIndex(index, size());
      return resource(row(index));
    }

    @Override
    public int size() {
      return names.count();
    }
  }

  /** The row of the tables for a position in the list. */
  private int row(int index) {
    return order == null ? index : order[index];
  }

  ResourceDescriptor resource(int row) {
    return new ResourceDescriptor(names.text(row), digest(row));
  }

  Digest digest(int row) {
    return Digest.of(serialization.hashAlgorithm(), digests.get(row));
  }

  String name(int row) {
    return names.text(row);
  }

  /** Whether a row has this digest. */
  boolean hasDigest(int row, byte[] digest) {
    return digests.equals(row, digest);
  }

  /**
   * An arbitrary total order of digests, of this manifest and another one with the same algorithm.
   */
  int compareDigest(int row, Manifest other, int otherRow) {
    return digests.compare(row, other.digests, otherRow);
  }

  /** The root digest: SHA-256 over the digests of all resources in the order listed (OMS 6.5.1). */
  public Digest rootDigest() {
    HashFunction function = HashFunction.sha256();
    for (int i = 0; i < names.count(); i++) {
      digests.update(function, row(i));
    }
    return Digest.of(HashAlgorithm.SHA256, function.digest());
  }

  /** Whether the resources are in the order of the code points of their names (OMS 5.2.1). */
  public boolean isInCanonicalOrder() {
    for (int i = 1; i < names.count(); i++) {
      if (names.compare(row(i - 1), row(i)) > 0) {
        return false;
      }
    }
    return true;
  }

  private int firstEqualToTheOneBefore() {
    for (int i = 1; i < names.count(); i++) {
      if (names.compare(row(i - 1), row(i)) == 0) {
        return row(i);
      }
    }
    return -1;
  }

  /** The number of files, each of which has one resource or, with shards, several. */
  public int fileCount() {
    return files.count();
  }

  /** The listed files, each with its resources. */
  ListedFiles files() {
    return files;
  }

  /** The total number of bytes of the names and of the digests in hexadecimal. */
  public long textLength() {
    long length = 2L * digests.length() * names.count();
    for (int row = 0; row < names.count(); row++) {
      length += names.length(row);
    }
    return length;
  }

  /**
   * Writes the resources as the elements of an array in JSON, separated by commas: compact, with
   * the members in the order of the specification (OMS 5.2.1).
   *
   * @param quoted quotes a name that needs escapes
   * @throws IOException if the stream cannot be written to
   */
  public void writeResources(OutputStream out, NameQuotation quoted) throws IOException {
    ResourceJson json = new ResourceJson(out, serialization.hashAlgorithm(), quoted);
    for (int i = 0; i < names.count(); i++) {
      json.add(names, digests, row(i));
    }
    json.end();
  }

  /** Quotes a name in JSON. */
  @FunctionalInterface
  public interface NameQuotation {
    /** The bytes of the name in quotation marks, with escapes. */
    byte[] quote(String name);
  }

  /**
   * Whether the other object is a manifest with the same serialization and the same resources in
   * the same order.
   */
  @Override
  public boolean equals(@Nullable Object other) {
    if (!(other instanceof Manifest that)
        || !serialization.equals(that.serialization)
        || names.count() != that.names.count()) {
      return false;
    }
    for (int i = 0; i < names.count(); i++) {
      if (!names.equals(row(i), that.names, that.row(i))
          || !digests.equals(row(i), that.digests.get(that.row(i)))) {
        return false;
      }
    }
    return true;
  }

  @Override
  public int hashCode() {
    return Objects.hash(serialization, names.count(), rootDigest());
  }

  @Override
  public String toString() {
    return "Manifest[" + serialization + ", " + names.count() + " resources, " + rootDigest() + "]";
  }
}
