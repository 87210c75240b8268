import java.io.File;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.hdfs.MiniDFSCluster;

/** HDFS in this process: a name node and two data nodes, on loopback, until its input ends. */
public final class Hdfs {

  private Hdfs() {}

  /**
   * Prints the port of the name node when it is ready.
   *
   * @param args the directory for its data
   */
  public static void main(String[] args) throws Exception {
    Configuration conf = new Configuration();
    conf.set("dfs.namenode.fs-limits.min-block-size", "0");
    conf.set("dfs.blocksize", "1048576");
    try (MiniDFSCluster cluster =
        new MiniDFSCluster.Builder(conf, new File(args[0])).numDataNodes(2).build()) {
      cluster.waitActive();
      System.out.println("port " + cluster.getNameNodePort());
      System.out.flush();
      while (System.in.read() >= 0) {
        // nothing is expected from there but its end
      }
    }
  }
}
