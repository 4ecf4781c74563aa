//! Heads for classification: from the states of a text to an output for each label.

use candle_core::{DType, IndexOp, Result, Tensor};
use candle_nn::{Activation, LayerNorm, Linear, Module};

/// Which state speaks for the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pooling {
    /// That of the first token.
    First,
    /// The mean of all that are no padding.
    Mean,
}

/// A layer with an activation, perhaps a norm, and the layer of outputs.
pub struct Head {
    /// Which state it takes.
    pub pooling: Pooling,
    /// The first layer.
    pub dense: Linear,
    /// What follows it; `None` for the hyperbolic tangent, which is no `Activation` of candle's.
    pub activation: Option<Activation>,
    /// The norm, where there is one.
    pub norm: Option<LayerNorm>,
    /// The outputs.
    pub out: Linear,
}

impl Head {
    /// The outputs, `[texts, labels]`.
    ///
    /// # Errors
    /// Shapes that do not fit.
    pub fn logits(&self, states: &Tensor, mask: &Tensor) -> Result<Tensor> {
        let pooled = match self.pooling {
            Pooling::First => states.i((.., 0, ..))?.contiguous()?,
            Pooling::Mean => {
                let mask = mask.to_dtype(DType::F32)?;
                let sum = states.broadcast_mul(&mask.unsqueeze(2)?)?.sum(1)?;
                sum.broadcast_div(&mask.sum_keepdim(1)?)?
            }
        };
        let dense = self.dense.forward(&pooled)?;
        let mut hidden = match &self.activation {
            Some(activation) => activation.forward(&dense)?,
            None => dense.tanh()?,
        };
        if let Some(norm) = &self.norm {
            hidden = norm.forward(&hidden)?;
        }
        self.out.forward(&hidden)
    }
}
