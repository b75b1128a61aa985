import { render } from 'preact';
import { App } from './App';
import './state/theme';
import './styles/base.css';
import './styles/shell.css';
import './styles/parts.css';
import './styles/circuit.css';

const root = document.getElementById('app');
if (root !== null) {
  render(<App />, root);
}
