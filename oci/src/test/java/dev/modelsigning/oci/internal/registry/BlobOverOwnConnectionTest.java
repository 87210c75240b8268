package dev.modelsigning.oci.internal.registry;

/** The same for blobs that are fetched over connections of their own. */
class BlobOverOwnConnectionTest extends BlobTest {

  @Override
  long alone() {
    return 0;
  }
}
