package io.github.clusterboot.worker;

import java.io.PrintWriter;
import java.sql.Connection;
import java.util.logging.Logger;

import javax.sql.DataSource;

/**
 * A data source that has no connection.
 */
abstract class AbstractTestDataSource implements DataSource {

	@Override
	public Connection getConnection() {
		throw new UnsupportedOperationException("Not needed here");
	}

	@Override
	public Connection getConnection(String username, String password) {
		throw new UnsupportedOperationException("Not needed here");
	}

	@Override
	public PrintWriter getLogWriter() {
		throw new UnsupportedOperationException("Not needed here");
	}

	@Override
	public void setLogWriter(PrintWriter out) {
	}

	@Override
	public void setLoginTimeout(int seconds) {
	}

	@Override
	public int getLoginTimeout() {
		return 0;
	}

	@Override
	public Logger getParentLogger() {
		throw new UnsupportedOperationException("Not needed here");
	}

	@Override
	public <T> T unwrap(Class<T> type) {
		throw new UnsupportedOperationException("Not needed here");
	}

	@Override
	public boolean isWrapperFor(Class<?> type) {
		return false;
	}

}
